// Answers one job a line: { what, text, context, times } gives { value, seconds }, the CPU time of
// this process for one run. The argument is the folder into which feelin was installed.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const path = createRequire(`${process.argv[2]}/`).resolve('feelin');
const { evaluate, parseExpression, date } = await import(pathToFileURL(path));

const RUNS = {
  evaluate: (text, context) => evaluate(text, context).value,
  parse: (text, context) => parseExpression(text, context).length,
};

const typed = (_, value) => (value?.date ? date(value.date) : value);

function run({ what, text, context, times }) {
  const once = RUNS[what];
  let value;
  const begun = process.cpuUsage();
  for (let n = 0; n < times; n++) value = once(text, context);
  const { user, system } = process.cpuUsage(begun);
  return { value: value ?? null, seconds: (user + system) / times / 1e6 };
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = run(JSON.parse(line, typed));
  } catch (error) {
    answer = { value: String(error), seconds: 0 };
  }
  console.log(JSON.stringify(answer));
}
