import type { Costs } from '../answers/knowledge';
import type { AnswerFigures } from '../answers/measure-answers';
import type { Evaluation } from './evaluate';
import type { LimitTried, ReliabilityBin } from './evaluation-figures';

/** What the page says besides the figures. */
export interface PageFacts {
  clinic: string;
  knowledgeVersion: string;
  /** As shown: a file's name, or a sentence. */
  source: string;
  costs: Costs;
  /** Topic to its title. */
  titleOf: (topic: string) => string;
}

/** The evaluation as one HTML page: no script, no request, light and dark, for a phone and for paper. */
export function evaluationPage(evaluation: Evaluation, facts: PageFacts): string {
  const { asTyped, reliability, tried, limits } = evaluation;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>How well the answers are found – ${escaped(facts.clinic)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>How well the answers are found</h1>
<p class="quiet">${escaped(facts.clinic)} · knowledge version <code>${escaped(facts.knowledgeVersion)}</code> · asked: ${escaped(facts.source)}</p>
${tiles(asTyped)}
${variants(evaluation)}
<section>
<h2>By topic, the weakest first</h2>
<p class="quiet"><span class="key first"></span>right entry first <span class="key three"></span>among three <span class="key missed"></span>missed</p>
${topicTable(asTyped, facts.titleOf)}
</section>
<section>
<h2>What is taken for what</h2>
${confusionTable(asTyped, facts.titleOf)}
</section>
<section>
<h2>Can the confidence be believed?</h2>
<p>Of messages with a confidence of 80 %, eight in ten should be right: the dots should lie on the line. A larger dot stands for more messages.</p>
${reliabilityPlot(reliability)}
</section>
<section>
<h2>The limits, and what they cost</h2>
<p>The bot answers from <strong>${percent(limits.answer)}</strong> confidence on and offers a choice where at least <strong>${percent(limits.offer)}</strong> says that an entry fits. A health entry overrules from ${percent(evaluation.dangerFloor)} of the best score on. At these limits a rehearsed message costs ${limits.cost.toFixed(2)} on average, the least of all limits that were tried.</p>
${limitsPlot(tried, limits.answer, asTyped.outOfScope.count > 0)}
${costTable(facts.costs)}
</section>
<section>
<h2>Every wrong answer</h2>
${wrongTable(asTyped, facts.titleOf)}
</section>
</main>
</body>
</html>
`;
}

function tiles({ inScope, outOfScope }: AnswerFigures): string {
  const tile = (value: string, label: string) => `<li><strong>${value}</strong><span>${label}</span></li>`;
  return `<ul class="tiles">
${tile(percent(inScope.firstWithAlso), `right entry first, of ${inScope.count} messages`)}
${tile(percent(inScope.amongThreeWithAlso), 'right entry among three')}
${tile(percent(inScope.answeredOrOffered), 'answered rightly, or offered the right one')}
${tile(percent(inScope.wrongAnswers), 'answered wrongly')}
${tile(percent(outOfScope.answered), `answered although nothing fits, of ${outOfScope.count}`)}
</ul>`;
}

/** The same questions mistyped and in chatter; nothing where only phrasings were asked. */
function variants({ asTyped, withTypos, inChatter }: Evaluation): string {
  if (withTypos === undefined || inChatter === undefined) return '';
  const columns = [asTyped, withTypos, inChatter];
  const row = (title: string, value: (figures: AnswerFigures) => number) =>
    `<tr><th scope="row">${title}</th>${columns.map((figures) => `<td class="number">${percent(value(figures))}</td>`).join('')}</tr>`;
  return `<section><h2>As typed, mistyped, and in chatter</h2>
<div class="scroll"><table><thead><tr><td></td><th scope="col" class="number">as typed</th><th scope="col" class="number">one word in four mistyped</th><th scope="col" class="number">between two other sentences</th></tr></thead><tbody>
${row('right entry first', ({ inScope }) => inScope.firstWithAlso)}
${row('right entry among three', ({ inScope }) => inScope.amongThreeWithAlso)}
${row('answered wrongly', ({ inScope }) => inScope.wrongAnswers)}
${row('answered although nothing fits', ({ outOfScope }) => outOfScope.answered)}
</tbody></table></div></section>`;
}

function topicTable({ topics }: AnswerFigures, titleOf: PageFacts['titleOf']): string {
  const rows = topics
    .toSorted((a, b) => a.first - b.first || a.amongThree - b.amongThree)
    .map(
      ({ topic, count, first, amongThree, wrongAnswers }) => `<tr>
<th scope="row">${escaped(titleOf(topic))}</th>
<td class="bar">${bar(first, amongThree)}</td>
<td class="number">${percent(first)}</td>
<td class="number">${count}</td>
<td class="number">${wrongAnswers === 0 ? '' : percent(wrongAnswers)}</td>
</tr>`,
    );
  return `<table class="topics"><thead><tr><th scope="col">topic</th><th scope="col"><span class="hidden">first, among three, missed</span></th><th scope="col" class="number">first</th><th scope="col" class="number">asked</th><th scope="col" class="number">wrong</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`;
}

function bar(first: number, amongThree: number): string {
  const [one, three] = [first * 100, Math.max(0, amongThree - first) * 100];
  return `<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${percent(first)} first, ${percent(amongThree)} among three"><rect class="missed" width="100" height="10"/><rect class="first" width="${one.toFixed(1)}" height="10"/><rect class="three" x="${one.toFixed(1)}" width="${three.toFixed(1)}" height="10"/></svg>`;
}

const MOST_CONFUSIONS = 20;

function confusionTable({ confusions }: AnswerFigures, titleOf: PageFacts['titleOf']): string {
  if (confusions.length === 0) return '<p>Nothing was taken for anything else.</p>';
  const rows = confusions
    .slice(0, MOST_CONFUSIONS)
    .map(
      ({ topic, instead, count }) =>
        `<tr><td class="number">${count} ×</td><td>${escaped(titleOf(topic))}</td><td>${instead === '-' ? 'nothing' : escaped(titleOf(instead))}</td></tr>`,
    );
  const rest = confusions.slice(MOST_CONFUSIONS).length;
  return `<table><thead><tr><th scope="col" class="number"></th><th scope="col">asked for</th><th scope="col">put first</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>${rest === 0 ? '' : `<p class="quiet">… and ${rest} more pairs.</p>`}`;
}

/** Plots are drawn on this many units, the data between the margins. */
const WIDTH = 420;
const HEIGHT = 300;
const LEFT = 46;
const RIGHT = 26;
const TOP = 14;
const BOTTOM = 44;

const across = (share: number) => LEFT + share * (WIDTH - LEFT - RIGHT);
const up = (share: number) => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);

function plot(label: string, xTitle: string, yTitle: string, marks: string): string {
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    (tick) =>
      `<line class="grid" x1="${across(0)}" x2="${across(1)}" y1="${up(tick)}" y2="${up(tick)}"/><text class="tick" x="${LEFT - 6}" y="${up(tick) + 4}" text-anchor="end">${Math.round(tick * 100)} %</text><text class="tick" x="${across(tick)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${Math.round(tick * 100)} %</text>`,
  );
  return `<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(label)}">
${ticks.join('\n')}
<text class="axis" x="${across(0.5)}" y="${HEIGHT - 8}" text-anchor="middle">${xTitle}</text>
<text class="axis" x="${LEFT - 2}" y="${TOP - 3}" text-anchor="start">${yTitle}</text>
${marks}
</svg>`;
}

function reliabilityPlot(bins: readonly ReliabilityBin[]): string {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const dots = bins.map(
    ({ count, said, right }) =>
      `<circle class="dot" cx="${across(said).toFixed(1)}" cy="${up(right).toFixed(1)}" r="${(3 + 9 * Math.sqrt(count / most)).toFixed(1)}"><title>${count} messages: said ${percent(said)}, right ${percent(right)}</title></circle>`,
  );
  const ideal = `<line class="ideal" x1="${across(0)}" y1="${up(0)}" x2="${across(1)}" y2="${up(1)}"/>`;
  const label = bins.map(({ said, right }) => `${percent(said)} said, ${percent(right)} right`).join('; ');
  return plot(label, 'confidence', 'first entry right', ideal + dots.join('\n'));
}

function limitsPlot(tried: readonly LimitTried[], chosen: number, hasOutOfScope: boolean): string {
  const line = (name: string, value: (each: LimitTried) => number) =>
    `<polyline class="line ${name}" points="${tried.map((each) => `${across(each.limit).toFixed(1)},${up(value(each)).toFixed(1)}`).join(' ')}"/>`;
  const marks = [
    `<line class="chosen" x1="${across(chosen)}" x2="${across(chosen)}" y1="${up(0)}" y2="${up(1)}"/>`,
    line('first', ({ right }) => right),
    line('wrong', ({ wrong }) => wrong),
    ...(hasOutOfScope ? [line('outside', ({ outOfScope }) => outOfScope)] : []),
  ];
  const legend = `<p class="quiet"><span class="key first"></span>answered rightly <span class="key wrong"></span>answered wrongly${hasOutOfScope ? ' <span class="key outside"></span>answered although nothing fits' : ''} <span class="key chosen"></span>the limit in use</p>`;
  const label = `Had the limit been another: ${tried
    .filter((_, at) => at % 3 === 1)
    .map((each) => `${percent(each.limit)}: ${percent(each.right)} right, ${percent(each.wrong)} wrong`)
    .join('; ')}`;
  return legend + plot(label, 'answer from this confidence on', 'of the messages', marks.join('\n'));
}

function costTable(costs: Costs): string {
  const rows: [string, number][] = [
    ['a wrong answer to a real question', costs.wrongAnswer],
    ['an answer to something that no entry may answer', costs.answeredOutOfScope],
    ['a choice of three with the right one', costs.offer],
    ['a choice of three without it', costs.uselessOffer],
    ['“I have no answer” although there is one', costs.missedAnswer],
  ];
  return `<table class="costs"><caption>What each mistake costs (<code>costs.yaml</code>); a right answer costs nothing</caption><tbody>
${rows.map(([what, cost]) => `<tr><th scope="row">${what}</th><td class="number">${cost}</td></tr>`).join('\n')}
</tbody></table>`;
}

function wrongTable({ wrong }: AnswerFigures, titleOf: PageFacts['titleOf']): string {
  if (wrong.length === 0) return '<p>None.</p>';
  const rows = wrong
    .toSorted((a, b) => b.confidence - a.confidence)
    .map(
      ({ text, topic, instead, confidence }) => `<li>
<p>“${escaped(text)}”</p>
<p class="quiet">got <strong>${escaped(titleOf(instead))}</strong> (${percent(confidence)}), meant <strong>${topic === null ? 'nothing here' : escaped(titleOf(topic))}</strong></p>
</li>`,
    );
  return `<ol class="wrong-answers">
${rows.join('\n')}
</ol>`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.0995 ? 1 : 0)} %`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const STYLE = `
:root { --paper: #fcfcfa; --ink: #1d2126; --quiet: #5b636d; --rule: #dcdfe3; --first: #12805c; --three: #e3a72f; --missed: #d3d7dc; --wrong: #c23b38; --outside: #6b4fbb; }
@media (prefers-color-scheme: dark) { :root { --paper: #15181c; --ink: #e8eaed; --quiet: #a3abb5; --rule: #343a42; --first: #37b58a; --three: #e5b04a; --missed: #454c55; --wrong: #ef6f6c; --outside: #a48cf0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 54rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
p { margin: .4rem 0; }
.quiet { color: var(--quiet); font-size: .9rem; }
.tiles { list-style: none; margin: 1.25rem 0 0; padding: 0; display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); }
.tiles li { border: 1px solid var(--rule); border-radius: .5rem; padding: .7rem .8rem; }
.tiles strong { display: block; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--quiet); font-size: .85rem; line-height: 1.3; display: block; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
caption { text-align: left; color: var(--quiet); font-size: .9rem; padding: .75rem 0 .25rem; }
th, td { text-align: left; font-weight: 400; padding: .35rem .5rem .35rem 0; border-bottom: 1px solid var(--rule); vertical-align: middle; }
thead th, thead td { color: var(--quiet); font-size: .82rem; vertical-align: bottom; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; width: 4rem; }
.scroll { overflow-x: auto; } .scroll thead .number { white-space: normal; min-width: 4.5rem; }
.topics th[scope=row] { width: 40%; line-height: 1.3; }
.bar svg { display: block; width: 100%; height: .8rem; border-radius: 2px; }
rect.first { fill: var(--first); } rect.three { fill: var(--three); } rect.missed { fill: var(--missed); }
.key { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin: 0 .35em 0 .9em; }
.quiet .key:first-child { margin-left: 0; }
.key.first { background: var(--first); } .key.three { background: var(--three); } .key.missed { background: var(--missed); } .key.wrong { background: var(--wrong); } .key.outside { background: var(--outside); } .key.chosen { background: var(--ink); width: 2px; height: 1em; vertical-align: text-bottom; }
.plot { display: block; width: 100%; max-width: 34rem; height: auto; margin: .5rem 0; }
.grid { stroke: var(--rule); } .tick { fill: var(--quiet); font-size: 11px; } .axis { fill: var(--ink); font-size: 12px; }
.ideal { stroke: var(--quiet); stroke-dasharray: 4 4; } .dot { fill: var(--first); fill-opacity: .85; }
.line { fill: none; stroke-width: 2.5; } .line.first { stroke: var(--first); } .line.wrong { stroke: var(--wrong); } .line.outside { stroke: var(--outside); } .chosen { stroke: var(--ink); stroke-width: 1.5; }
.costs { max-width: 34rem; }
.wrong-answers { padding-left: 1.6rem; } .wrong-answers li { margin: .7rem 0; overflow-wrap: anywhere; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (max-width: 34rem) { .topics td:nth-child(4), .topics th:nth-child(4) { display: none; } .number { width: 3rem; } .topics th[scope=row] { width: 44%; } .tick { font-size: 13px; } .axis { font-size: 14px; } }
@media print { section { break-inside: avoid-page; } }
`;
