import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { AttemptStore } from './AttemptStore.ts';
import { keyOf, QuizStore } from './QuizStore.ts';

/** What the person has answered in quizzes, with points and comments. Right answers are not part of it. */
export const quizPersonalData: OpenPersonalSource = ({ database }) => {
  const [attempts, quizzes] = [new AttemptStore(database), new QuizStore(database)];
  return {
    name: 'quizzes',
    collections: ['quizAttempts'],
    rows: async ({ userId }) => {
      const rows = await attempts.ofUser(userId);
      const [titles, questions] = await Promise.all([quizzes.findMany(rows.map(({ quizId }) => quizId)), quizzes.questions(rows.flatMap(({ asked }) => asked))]);
      return rows.map(({ courseId, quizId, videoId, number, state, startedAt, handedInAt, asked, answers, grades }) => ({
        courseId,
        quiz: titles.get(quizId)?.title ?? null,
        videoId,
        number,
        state,
        startedAt,
        handedInAt,
        answers: asked.map((place) => {
          const content = questions.get(keyOf(place));
          const options = content && 'options' in content ? content.options : [];
          const { answer = null, savedAt = null } = answers[place.questionId] ?? {};
          return { question: content?.prompt ?? null, answer, points: grades[place.questionId]?.points ?? null, comment: grades[place.questionId]?.comment ?? '', chosen: options.filter(({ id }) => JSON.stringify(answer).includes(id)).map(({ text }) => text), savedAt };
        }),
      }));
    },
    erase: ({ userId }) => attempts.removeAllOf(userId),
  };
};
