import { describe, expect, it } from 'vitest';
import type { Answer } from '../contract/index.ts';
import { gradeAnswer, rightAnswerOf } from './gradeAnswer.ts';
import type { QuestionContent } from './gradeAnswer.ts';

const ids = ['opt_a', 'opt_b', 'opt_c', 'opt_d'];
const common = { prompt: 'Which?', explanation: '' };
const options = (...right: string[]) => ids.map((id) => ({ id, text: id, isRight: right.includes(id) }));
const grade = (question: QuestionContent, answer: Answer | null) => gradeAnswer(question, { answer, askedOptionIds: ids });

describe('an answer', () => {
  it('to a single choice has all points or none', () => {
    const question: QuestionContent = { ...common, kind: 'single', points: 3, options: options('opt_b') };
    expect([grade(question, { kind: 'single', optionId: 'opt_b' }), grade(question, { kind: 'single', optionId: 'opt_a' }), grade(question, null)]).toEqual([3, 0, 0]);
  });

  it.each<[string[], number]>([[['opt_a', 'opt_b', 'opt_c'], 2], [['opt_a', 'opt_b'], 1.33], [['opt_a', 'opt_b', 'opt_d'], 0.67], [['opt_d', 'opt_a'], 0], [ids, 1.33], [[], 0], [['opt_d'], 0]])('to a multiple choice with %j of a, b and c has %d of 2 points', (optionIds, points) => {
    const question: QuestionContent = { ...common, kind: 'multiple', points: 2, options: options('opt_a', 'opt_b', 'opt_c') };
    expect(grade(question, { kind: 'multiple', optionIds })).toBe(points);
  });

  it.each<[number, number]>([[9.81, 1], [9.86, 1], [9.76, 1], [9.8600001, 0], [-9.81, 0]])('of %d to 9.81 ± 0.05 has %d points', (value, points) => {
    expect(grade({ ...common, kind: 'numeric', points: 1, value: 9.81, tolerance: 0.05, unit: 'm/s²' }, { kind: 'numeric', value })).toBe(points);
  });

  it('of 0.1 + 0.2 is 0.3', () => {
    expect(grade({ ...common, kind: 'numeric', points: 1, value: 0.3, tolerance: 0, unit: '' }, { kind: 'numeric', value: 0.1 + 0.2 })).toBe(1);
  });

  it.each<[string, number]>([['Fermat', 1], ['  FERMÁT ', 1], ['pierre  de fermat', 1], ['Fermi', 0], ['', 0]])('in words, %j, has %d points', (text, points) => {
    expect(grade({ ...common, kind: 'text', points: 1, accepted: ['Fermat', 'Pierre de Fermat'] }, { kind: 'text', text })).toBe(points);
  });

  it('in words without accepted answers waits for a person', () => {
    const question: QuestionContent = { ...common, kind: 'text', points: 5, accepted: [] };
    expect([grade(question, { kind: 'text', text: 'Light takes the quickest path.' }), grade(question, null), grade(question, { kind: 'text', text: '' })]).toEqual([null, 0, 0]);
  });

  it.each<[string[], number]>([[ids, 2], [['opt_b', 'opt_a', 'opt_c', 'opt_d'], 1], [ids.toReversed(), 0]])('that orders %j has %d of 2 points', (optionIds, points) => {
    expect(grade({ ...common, kind: 'ordering', points: 2, options: options() }, { kind: 'ordering', optionIds })).toBe(points);
  });

  it('of another kind has none', () => {
    expect(grade({ ...common, kind: 'single', points: 1, options: options('opt_a') }, { kind: 'numeric', value: 1 })).toBe(0);
  });

  it('counts only the options that were asked, when the question has others now', () => {
    const question: QuestionContent = { ...common, kind: 'multiple', points: 2, options: options('opt_a', 'opt_d') };
    expect(gradeAnswer(question, { answer: { kind: 'multiple', optionIds: ['opt_a'] }, askedOptionIds: ['opt_a', 'opt_b'] })).toBe(2);
  });
});

it('the right answer of a question is its options, its number or its words', () => {
  expect(rightAnswerOf({ ...common, kind: 'multiple', points: 1, options: options('opt_a', 'opt_c') }).optionIds).toEqual(['opt_a', 'opt_c']);
  expect(rightAnswerOf({ ...common, kind: 'ordering', points: 1, options: options() }).optionIds).toEqual(ids);
  expect(rightAnswerOf({ ...common, kind: 'numeric', points: 1, value: 2, tolerance: 0.1, unit: 'm' })).toMatchObject({ value: 2, tolerance: 0.1 });
  expect(rightAnswerOf({ ...common, kind: 'text', points: 1, accepted: ['a'] }).accepted).toEqual(['a']);
});
