import * as z from 'zod';
import { cleanLine, cleanText, Instant, RecordId } from '#engine/contract';
import { maxAcceptedAnswers, maxAnswerLength, maxExplanationLength, maxOptionLength, maxPromptLength, maxQuestionOptions, maxQuestionPoints, maxUnitLength } from './quizLimits.ts';

export const QuestionKind = z.enum(['single', 'multiple', 'numeric', 'text', 'ordering']);
export type QuestionKind = z.infer<typeof QuestionKind>;

const OptionText = z.string().overwrite(cleanLine).min(1, 'Write something for every option.').max(maxOptionLength, `At most ${maxOptionLength} characters.`);
const KnownId = RecordId.optional().describe('Of one that the question has already; leave it out for a new one.');
const Choice = z.object({ id: KnownId, text: OptionText, isRight: z.boolean() });
const choices = z.array(Choice).min(2, 'Give at least two options.').max(maxQuestionOptions, `At most ${maxQuestionOptions} options.`);

const common = {
  id: KnownId,
  prompt: z.string().overwrite(cleanText).min(1, 'Write the question.').max(maxPromptLength, `At most ${maxPromptLength} characters.`).describe('Markdown.'),
  points: z.number().min(0).max(maxQuestionPoints).default(1),
  explanation: z.string().overwrite(cleanText).max(maxExplanationLength, `At most ${maxExplanationLength} characters.`).default('').describe('Markdown. Shown together with the right answers.'),
};
const rightCount = (options: readonly { isRight: boolean }[]) => options.filter(({ isRight }) => isRight).length;

/**
 * A question with its right answer. How answers are graded:
 * `single`: all points for the right option.
 * `multiple`: the share (right options chosen − wrong options chosen) / right options, at least 0.
 * `numeric`: all points within `tolerance` of `value`, both ends included.
 * `text`: all points for an accepted answer; case, accents and white space do not count. Without accepted answers a person grades it.
 * `ordering`: the share of the things that are at their place; `options` is the right order.
 * Points are rounded to hundredths. No answer has no points.
 */
export const QuestionForm = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('single'), options: choices.refine((options) => rightCount(options) === 1, 'Mark one option as right.') }),
  z.object({ ...common, kind: z.literal('multiple'), options: choices.refine((options) => rightCount(options) > 0, 'Mark at least one option as right.') }),
  z.object({
    ...common,
    kind: z.literal('numeric'),
    value: z.number(),
    tolerance: z.number().min(0).default(0).describe('How far from `value` an answer may be.'),
    unit: z.string().overwrite(cleanLine).max(maxUnitLength).default('').describe('Shown beside the number; empty for a number without one.'),
  }),
  z.object({ ...common, kind: z.literal('text'), accepted: z.array(z.string().overwrite(cleanLine).min(1).max(maxOptionLength)).max(maxAcceptedAnswers).default([]) }),
  z.object({ ...common, kind: z.literal('ordering'), options: z.array(z.object({ id: KnownId, text: OptionText })).min(2, 'Give at least two options.').max(maxQuestionOptions) }),
]);
export type QuestionForm = z.infer<typeof QuestionForm>;

const stored = { id: RecordId, version: z.number().int().min(1).describe('Raised when the question changes. Attempts keep the version that they asked.'), prompt: z.string(), points: z.number(), explanation: z.string() };
const StoredChoice = z.object({ id: RecordId, text: z.string(), isRight: z.boolean() });

/** A question with its right answer, for those who edit it. */
export const Question = z.discriminatedUnion('kind', [
  z.object({ ...stored, kind: z.literal('single'), options: z.array(StoredChoice) }),
  z.object({ ...stored, kind: z.literal('multiple'), options: z.array(StoredChoice) }),
  z.object({ ...stored, kind: z.literal('numeric'), value: z.number(), tolerance: z.number(), unit: z.string() }),
  z.object({ ...stored, kind: z.literal('text'), accepted: z.array(z.string()) }),
  z.object({ ...stored, kind: z.literal('ordering'), options: z.array(z.object({ id: RecordId, text: z.string() })) }),
]);
export type Question = z.infer<typeof Question>;

const OptionIds = z.array(RecordId).max(maxQuestionOptions);

export const Answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('single'), optionId: RecordId }),
  z.object({ kind: z.literal('multiple'), optionIds: OptionIds }),
  z.object({ kind: z.literal('numeric'), value: z.number() }),
  z.object({ kind: z.literal('text'), text: z.string().overwrite(cleanText).max(maxAnswerLength, `At most ${maxAnswerLength} characters.`) }),
  z.object({ kind: z.literal('ordering'), optionIds: OptionIds.describe('All of them, the first first.') }),
]);
export type Answer = z.infer<typeof Answer>;

export const RightAnswer = z.object({
  optionIds: z.array(RecordId).describe('The right options, or all in their right order.'),
  value: z.number().nullable(),
  tolerance: z.number().nullable(),
  accepted: z.array(z.string()),
});
export type RightAnswer = z.infer<typeof RightAnswer>;

/** A question as it is asked, and what became of it. Nothing in it tells the right answer, unless `right` is set. */
export const AskedQuestion = z.object({
  id: RecordId,
  kind: QuestionKind,
  prompt: z.string().describe('Markdown.'),
  points: z.number(),
  options: z.array(z.object({ id: RecordId, text: z.string() })).describe('In the order of this attempt; empty for numbers and texts.'),
  unit: z.string(),
  answer: Answer.nullable(),
  savedAt: Instant.nullable(),
  grade: z
    .object({ points: z.number().nullable().describe('Null until a person has graded it.'), comment: z.string() })
    .nullable()
    .describe('Null while points are not shown.'),
  right: RightAnswer.nullable().describe('Null while right answers are not shown.'),
  explanation: z.string().nullable().describe('Null while right answers are not shown.'),
});
export type AskedQuestion = z.infer<typeof AskedQuestion>;
