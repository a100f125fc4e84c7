import type { Answer, Attempt, QuestionForm, QuizDetail, QuizSettings } from '../../contract/index.ts';
import type { Browser } from '../../testing/index.ts';

/** One question of each kind; together 10 points. */
export const examQuestions: readonly QuestionForm[] = [
  { kind: 'single', prompt: 'Which colour bends most?', points: 1, explanation: 'Violet has the shortest waves.', options: [{ text: 'Red', isRight: false }, { text: 'Green', isRight: false }, { text: 'Violet', isRight: true }] },
  { kind: 'multiple', prompt: 'Which are lenses?', points: 2, explanation: '', options: [{ text: 'Convex', isRight: true }, { text: 'Concave', isRight: true }, { text: 'Mirror', isRight: false }] },
  { kind: 'numeric', prompt: 'How fast is light in glass?', points: 2, explanation: '', value: 2e8, tolerance: 1e7, unit: 'm/s' },
  { kind: 'text', prompt: 'Who found the principle of least time?', points: 1, explanation: '', accepted: ['Fermat'] },
  { kind: 'ordering', prompt: 'By wavelength, the shortest first', points: 4, explanation: '', options: [{ text: 'X-rays' }, { text: 'Ultraviolet' }, { text: 'Infrared' }, { text: 'Radio' }] },
];

/** A published quiz with these questions. */
export async function publishQuiz(teacher: Browser, courseId: string, { settings = {}, questions = examQuestions, title = 'Exam' }: { settings?: Partial<QuizSettings>; questions?: readonly QuestionForm[]; title?: string } = {}): Promise<QuizDetail> {
  const { id: quizId } = await teacher.api.createQuiz({ params: { courseId }, body: { title } });
  const params = { courseId, quizId };
  await teacher.api.updateQuiz({ params, body: { title, settings, questions: [...questions] } });
  return teacher.api.setQuizState({ params, body: { state: 'published' } });
}

/** The right answer to each question of the quiz, by its id. */
export function rightAnswers({ questions }: Pick<QuizDetail, 'questions'>): Map<string, Answer> {
  return new Map(questions.map((question) => [question.id, rightAnswer(question)]));
}

function rightAnswer(question: QuizDetail['questions'][number]): Answer {
  switch (question.kind) {
    case 'single':
      return { kind: 'single', optionId: question.options.find(({ isRight }) => isRight)?.id ?? '' };
    case 'multiple':
      return { kind: 'multiple', optionIds: question.options.filter(({ isRight }) => isRight).map(({ id }) => id) };
    case 'numeric':
      return { kind: 'numeric', value: question.value };
    case 'text':
      return { kind: 'text', text: question.accepted[0] ?? 'An essay.' };
    case 'ordering':
      return { kind: 'ordering', optionIds: question.options.map(({ id }) => id) };
  }
}

/** Saves these answers one by one. */
export async function answerAll(student: Browser, attempt: Attempt, answers: ReadonlyMap<string, Answer>): Promise<void> {
  for (const { id: questionId } of attempt.questions) {
    const answer = answers.get(questionId);
    if (answer) await student.api.saveAnswer({ params: { courseId: attempt.courseId, quizId: attempt.quizId, attemptId: attempt.id, questionId }, body: { answer } });
  }
}
