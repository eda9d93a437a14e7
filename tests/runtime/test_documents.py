"""State documents of earlier formats are read, and go on as they would have."""

from engine.runtime import execution
from tests.runtime.models import START, World, duration, ends, flows, model, node, user

# Written by the program of format 2: a parallel branch done, a subprocess with a timer open.
SECOND = bytes.fromhex(
    "960219c280dc00119803c040a146c281a16ea131908098040340b550312e426f756e646172794576656e7453706c"
    "6974c280908098050340a142c281a16da132908098060420a25031c280908098070408a154c2809081a3647565c7"
    "1904323032362d30332d30335430393a30303a30302b30303a303098100508a14ac280908098080604a14ac28091"
    "a16e80980c0704a148c28091a16e8098111004a145c28092a16ea16d8098090804a145c2809080980d0c04a24532"
    "c280908098121104a9502e456e644a6f696ec2809080980a0904a9502e456e644a6f696ec2809080980e0d04a950"
    "2e456e644a6f696ec280908098131204a3456e64c2809080980b0a04a3456e64c2809080980f0e04a3456e64c280"
    "9080919306a25031959815c040a25053c281a16ea131908098161510a141c280908098171604a25045c28091a16e"
    "8098181704aa50312e456e644a6f696ec280908098191804a3456e64c2809080"
)
PARTS = (
    START, node("parallelGateway", "F"), node("parallelGateway", "J"), user("B", "H"),
    node("subProcess", "P1", node("startEvent", "PS") + user("A") + ends("PE")
         + flows("PS > A > PE")),
    node("boundaryEvent", "T", duration("P1D"), attachedToRef="P1"), ends("E", "E2"),
    flows("S > F > P1 > J > E", "F > B > J", "T > H > E2"),
)  # fmt: skip


def test_a_document_of_format_2_goes_on() -> None:
    read = model(*PARTS)
    view = execution.look(read, SECOND)
    assert {wait.element for wait in view.waits} == {"A", "T"}
    assert view.data == {"n": "1", "m": "2"}
    token = next(wait.token for wait in view.waits if wait.element == "A")
    step = execution.complete(read, SECOND, token, {"k": "3"}, World())
    assert step.ended == "completed"
    assert step.data == {"n": "1", "m": "2", "k": "3"}


def test_a_case_goes_back_to_a_document_of_format_2() -> None:
    read = model(*PARTS)
    token = next(w.token for w in execution.look(read, SECOND).waits if w.element == "T")
    later = execution.fire(read, SECOND, token, World())
    assert [wait.element for wait in later.opened] == ["H"]
    back = execution.restore(read, SECOND, later.state, World())
    assert execution.look(read, back.state).waits == execution.look(read, SECOND).waits
