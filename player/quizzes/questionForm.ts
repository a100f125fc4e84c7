import type { Question, QuestionForm, QuestionKind } from '#api/contract';

/** A question while it is edited: with the fields of every kind, so that changing the kind loses nothing. Numbers are as they are typed. */
export interface QuestionDraft {
  /** Of this page. */
  key: number;
  id: string | undefined;
  kind: QuestionKind;
  prompt: string;
  points: string;
  explanation: string;
  options: { key: number; id: string | undefined; text: string; isRight: boolean }[];
  value: string;
  tolerance: string;
  unit: string;
  accepted: string;
}

let nextKey = 0;
const newKey = () => (nextKey += 1);

export function newOption(): QuestionDraft['options'][number] {
  return { key: newKey(), id: undefined, text: '', isRight: false };
}

export function newQuestion(kind: QuestionKind = 'single'): QuestionDraft {
  const options = [{ ...newOption(), isRight: true }, newOption()];
  return { key: newKey(), id: undefined, kind, prompt: '', points: '1', explanation: '', options, value: '', tolerance: '0', unit: '', accepted: '' };
}

export function draftOf(question: Question): QuestionDraft {
  const { id, kind, prompt, points, explanation } = question;
  const common = { ...newQuestion(kind), id, prompt, points: String(points), explanation };
  switch (question.kind) {
    case 'numeric':
      return { ...common, value: String(question.value), tolerance: String(question.tolerance), unit: question.unit };
    case 'text':
      return { ...common, accepted: question.accepted.join('\n') };
    case 'ordering':
      return { ...common, options: question.options.map((option) => ({ key: newKey(), isRight: false, ...option })) };
    default:
      return { ...common, options: question.options.map((option) => ({ key: newKey(), ...option })) };
  }
}

/** What is sent. A number that is missing is sent as NaN, which the server refuses with the name of its field. */
export function formOf({ id, kind, prompt, points, explanation, options, value, tolerance, unit, accepted }: QuestionDraft): QuestionForm {
  const common = { ...(id !== undefined && { id }), prompt, points: numberOf(points), explanation };
  const ofOption = ({ id: optionId, text }: QuestionDraft['options'][number]) => ({ ...(optionId !== undefined && { id: optionId }), text });
  switch (kind) {
    case 'numeric':
      return { ...common, kind, value: numberOf(value), tolerance: tolerance === '' ? 0 : numberOf(tolerance), unit };
    case 'text':
      return { ...common, kind, accepted: accepted.split('\n').map((line) => line.trim()).filter(Boolean) };
    case 'ordering':
      return { ...common, kind, options: options.map(ofOption) };
    default:
      return { ...common, kind, options: options.map((option) => ({ ...ofOption(option), isRight: option.isRight })) };
  }
}

function numberOf(typed: string): number {
  return typed.trim() === '' ? Number.NaN : Number(typed.replace(',', '.'));
}
