from datetime import timedelta
def reminder(text, clock, result, calendar):
    if text.endswith("%") and result.start and result.due:
        return result.start + timedelta(days=-(-result.total*int(text[:-1])//100))
def reminders(clock, result, calendar):
    return tuple((x, reminder(x, clock, result, calendar)) for x in clock.reminders)
