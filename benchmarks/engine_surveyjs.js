// One answer after the other through survey-core, the model made anew and its data restored around every answer, as a
// server without memory between two messages has to. argv: the module's folder, seconds, a JSON file with the survey,
// and the answers of each person in their order. Prints answers per second and what the first person was asked.
"use strict";
const { readFileSync } = require("node:fs");
const [folder, seconds, file] = process.argv.slice(2);
const { Model } = require(`${folder}/node_modules/survey-core`);
const { survey, people } = JSON.parse(readFileSync(file, "utf8"));

function answer(stored, value) {
  const state = JSON.parse(stored);
  const model = new Model(survey);
  model.data = state.data;
  model.currentPageNo = state.page;
  const question = model.currentPage.questions[0];
  question.value = value;
  if (model.isLastPage) { model.completeLastPage(); } else { model.nextPage(); }
  const done = model.state === "completed";
  const asked = done ? null : model.currentPage.questions[0];
  const said = done ? "" : [asked.title, ...(asked.visibleChoices ?? []).map((choice) => choice.text)].join("\n");
  return [JSON.stringify({ data: model.data, page: done ? 0 : model.currentPageNo }), asked?.name ?? "", said];
}

function walk(answers) {
  let stored = JSON.stringify({ data: {}, page: 0 });
  const asked = [];
  for (const [name, value] of answers) {
    let next;
    [stored, next] = answer(stored, value);
    asked.push([name, next]);
  }
  return { asked, data: JSON.parse(stored).data };
}

const first = walk(people[0]);
people.forEach(walk);
let many = 0;
const begun = process.hrtime.bigint();
const until = begun + BigInt(Math.round(Number(seconds) * 1e9));
while (process.hrtime.bigint() < until) {
  for (const answers of people) { walk(answers); many += answers.length; }
}
const spent = Number(process.hrtime.bigint() - begun) / 1e9;
process.stdout.write(JSON.stringify({ rate: many / spent, asked: first.asked, data: first.data }));
