import type { Answer, Question, RightAnswer } from '../contract/index.ts';

/** What a question asks and what is right, without its id and version. */
export type QuestionContent = Question extends infer Q ? (Q extends unknown ? Omit<Q, 'id' | 'version'> : never) : never;

export interface GivenAnswer {
  answer: Answer | null;
  /** The options that were asked, which a later version of the question may lack. */
  askedOptionIds: readonly string[];
}

/** The points for an answer, by the rules in the documentation of `QuestionForm`; null when a person has to grade it. */
export function gradeAnswer(question: QuestionContent, { answer, askedOptionIds }: GivenAnswer): number | null {
  if (answer === null) return 0;
  if (question.kind === 'text' && answer.kind === 'text') return gradeText(question, answer.text);
  return inHundredths(question.points * shareOf(question, { answer, askedOptionIds }));
}

function gradeText({ accepted, points }: { accepted: readonly string[]; points: number }, given: string): number | null {
  if (given === '') return 0;
  if (accepted.length === 0) return null;
  return accepted.some((each) => folded(each) === folded(given)) ? points : 0;
}

function shareOf(question: QuestionContent, { answer, askedOptionIds }: { answer: Answer; askedOptionIds: readonly string[] }): number {
  const asked = new Set(askedOptionIds);
  if (question.kind === 'single' && answer.kind === 'single') return question.options.some(({ id, isRight }) => isRight && id === answer.optionId) ? 1 : 0;
  if (question.kind === 'multiple' && answer.kind === 'multiple') return shareOfChosen(new Set(question.options.filter(({ id, isRight }) => isRight && asked.has(id)).map(({ id }) => id)), answer.optionIds);
  if (question.kind === 'numeric' && answer.kind === 'numeric') return isWithin(question, answer.value) ? 1 : 0;
  if (question.kind === 'ordering' && answer.kind === 'ordering') return shareInPlace(question.options.map(({ id }) => id).filter((id) => asked.has(id)), answer.optionIds);
  return 0;
}

function shareOfChosen(right: ReadonlySet<string>, chosen: readonly string[]): number {
  const hits = chosen.filter((id) => right.has(id)).length;
  return right.size === 0 ? 0 : Math.max(0, (hits - (chosen.length - hits)) / right.size);
}

function shareInPlace(right: readonly string[], given: readonly string[]): number {
  return right.length === 0 ? 0 : right.filter((id, index) => given[index] === id).length / right.length;
}

/** 0.1 + 0.2 is within 0 of 0.3: what a computer adds to the last digits is no mistake of the person. */
function isWithin({ value, tolerance }: { value: number; tolerance: number }, given: number): boolean {
  const slack = Number.EPSILON * 8 * Math.max(Math.abs(value), Math.abs(given));
  return Math.abs(given - value) <= tolerance + slack;
}

function inHundredths(points: number): number {
  return Math.round(points * 100) / 100;
}

/** Without case, accents, and more than one space between words. */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/gu, ' ').trim();
}

export function sumOfPoints(points: readonly number[]): number {
  return inHundredths(points.reduce((sum, each) => sum + each, 0));
}

export function rightAnswerOf(question: QuestionContent): RightAnswer {
  const none = { optionIds: [], value: null, tolerance: null, accepted: [] };
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return { ...none, optionIds: question.options.filter(({ isRight }) => isRight).map(({ id }) => id) };
    case 'ordering':
      return { ...none, optionIds: question.options.map(({ id }) => id) };
    case 'numeric':
      return { ...none, value: question.value, tolerance: question.tolerance };
    case 'text':
      return { ...none, accepted: question.accepted };
  }
}
