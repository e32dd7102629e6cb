/**
 * The matching without the bot: which entry of a knowledge a message means, how surely, and why.
 *
 *     import { createAnswerFinder, plainKnowledge } from 'scalp-enquiry-bot/answers';
 *
 *     const finder = createAnswerFinder(plainKnowledge([
 *       { id: 'opening-hours', phrasings: ['when are you open', 'what are your hours', ...] },
 *       { id: 'parking', phrasings: ['where can i park', ...] },
 *     ]));
 *     const { decision, entry, confidence, why } = finder.decide('wher do i park?');
 *
 * Pure: no file, clock, network or randomness. English. Twelve phrasings an entry and some background sentences are
 * where it becomes good; `finder.rehearsed()` asks every phrasing with itself hidden, to see how good.
 */
export { createAnswerFinder } from './find-answer';
export type { AnswerFinder, Context, FinderOptions, Rerank } from './find-answer';
export { plainKnowledge } from './plain-knowledge';
export type { PlainEntry } from './plain-knowledge';
export { readCalibration } from './calibration';
export type { Calibration } from './calibration';
export type { Candidate, Decision, Why } from './decision';
export type { OtherLanguage } from './detect-language';
export type { Limits } from './limits';
export type { Approval, Concept, Costs, Entry, MatchedKnowledge, SafetyText } from './knowledge';
export { measureAnswers } from './measure-answers';
export type { AnswerFigures, LabelledQuestion } from './measure-answers';
