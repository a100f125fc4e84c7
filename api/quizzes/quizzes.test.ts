import { describe, expect, it } from 'vitest';
import { refusal, startSharedTestApi } from '../testing/index.ts';
import type { QuestionForm } from '../contract/index.ts';
import { answerAll, examQuestions, publishQuiz, rightAnswers } from './testing/examQuiz.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
let count = 0;

const essay: QuestionForm = { kind: 'text', prompt: 'Why is the sky blue?', points: 5, explanation: '', accepted: [] };

async function newCourse(...names: string[]) {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics' } });
  count += 1;
  const students = await Promise.all(names.map(async (name) => (await site.signup(`${name}${count}`)).join(ada, courseId, 'student')));
  return { courseId, students };
}

async function take(student: typeof ada, params: { courseId: string; quizId: string }, answers: Parameters<typeof answerAll>[2]) {
  const attempt = await student.api.startAttempt({ params });
  await answerAll(student, attempt, answers);
  return student.api.handInAttempt({ params: { ...params, attemptId: attempt.id } });
}

describe('a quiz', () => {
  it('is a draft until it is published, and is duplicated as a draft without dates', async () => {
    const { courseId } = await newCourse();
    const quiz = await publishQuiz(ada, courseId, { settings: { closesAt: '2999-01-01T00:00:00.000Z', answersShown: 'afterDeadline' } });
    expect(quiz).toMatchObject({ state: 'published', maxPoints: 10, questionCount: 5 });
    const copy = await ada.api.duplicateQuiz({ params: { courseId, quizId: quiz.id } });
    expect(copy).toMatchObject({ state: 'draft', settings: { closesAt: null, answersShown: 'never' }, maxPoints: 10, attemptCount: 0 });
    const ids = (of: typeof quiz) => of.questions.flatMap((question) => [question.id, ...('options' in question ? question.options.map(({ id }) => id) : [])]);
    expect(ids(copy).filter((id) => ids(quiz).includes(id))).toEqual([]);
    await ada.api.deleteQuiz({ params: { courseId, quizId: quiz.id } });
    expect((await ada.api.listQuizzes({ params: { courseId } })).quizzes.map(({ id }) => id)).toEqual([copy.id]);
  });

  it('cannot be published empty, nor emptied while it is published', async () => {
    const { courseId } = await newCourse();
    const { id: quizId } = await ada.api.createQuiz({ params: { courseId }, body: { title: 'Empty' } });
    const params = { courseId, quizId };
    expect(await refusal(ada.api.setQuizState({ params, body: { state: 'published' } }))).toMatchObject({ code: 'quiz.empty', status: 409 });
    const quiz = await publishQuiz(ada, courseId);
    expect(await refusal(ada.api.updateQuiz({ params: { courseId, quizId: quiz.id }, body: { title: 'Empty', questions: [] } }))).toMatchObject({ code: 'quiz.empty' });
    expect((await ada.api.getQuiz({ params: { courseId, quizId: quiz.id } })).questionCount).toBe(5);
  });

  it('keeps the ids of questions and options, and gives a changed question a new version', async () => {
    const { courseId } = await newCourse();
    const quiz = await publishQuiz(ada, courseId);
    const params = { courseId, quizId: quiz.id };
    const [first, ...others] = quiz.questions;
    const changed = { ...first, prompt: 'Which colour bends least?' } as QuestionForm;
    const next = await ada.api.updateQuiz({ params, body: { title: 'Exam', questions: [...others.toReversed(), changed] } });
    expect(next.questions.at(-1)).toEqual({ ...first, prompt: 'Which colour bends least?', version: 2 });
    expect(next.questions.slice(0, -1)).toEqual(others.toReversed());
    const foreign = { ...essay, id: 'qst_00000000000000000000' };
    expect(await refusal(ada.api.updateQuiz({ params, body: { title: 'Exam', questions: [foreign] } }))).toMatchObject({ code: 'request.invalid' });
  });

  it('says 412 to the second of two people who edit it', async () => {
    const { courseId } = await newCourse();
    const { id: quizId } = await publishQuiz(ada, courseId);
    const params = { courseId, quizId };
    const [mine, theirs] = [await ada.api.getQuiz({ params }), await ada.api.getQuiz({ params })];
    await ada.api.updateQuiz({ params, body: { title: 'Mine', questions: mine.questions } }, { ifUnchanged: mine });
    expect(await refusal(ada.api.updateQuiz({ params, body: { title: 'Theirs', questions: theirs.questions } }, { ifUnchanged: theirs }))).toMatchObject({ code: 'version.changed', status: 412 });
    expect((await ada.api.getQuiz({ params })).title).toBe('Mine');
  });

  it.each<[string, QuestionForm | object]>([
    ['two right options of a single choice', { kind: 'single', prompt: 'Which?', options: [{ text: 'a', isRight: true }, { text: 'b', isRight: true }] }],
    ['no right option', { kind: 'multiple', prompt: 'Which?', options: [{ text: 'a', isRight: false }, { text: 'b', isRight: false }] }],
    ['one option', { kind: 'ordering', prompt: 'Which?', options: [{ text: 'a' }] }],
    ['no question', { kind: 'text', prompt: ' \u200b ' }],
    ['a negative tolerance', { kind: 'numeric', prompt: 'How many?', value: 1, tolerance: -1 }],
    ['an option without words', { kind: 'ordering', prompt: 'Which?', options: [{ text: 'a' }, { text: ' ' }] }],
  ])('refuses %s', async (_what, question) => {
    const { courseId } = await newCourse();
    const { id: quizId } = await ada.api.createQuiz({ params: { courseId }, body: { title: 'Wrong' } });
    expect(await refusal(ada.api.updateQuiz({ params: { courseId, quizId }, body: { title: 'Wrong', questions: [question as QuestionForm] } }))).toMatchObject({ code: 'request.invalid' });
  });

  it('refuses a deadline before its opening, and results after a deadline that it lacks', async () => {
    const { courseId } = await newCourse();
    const { id: quizId } = await ada.api.createQuiz({ params: { courseId }, body: { title: 'Dates' } });
    const save = (settings: object) => ada.api.updateQuiz({ params: { courseId, quizId }, body: { title: 'Dates', settings } });
    expect(await refusal(save({ opensAt: '2030-01-02T00:00:00.000Z', closesAt: '2030-01-01T00:00:00.000Z' }))).toMatchObject({ errors: [{ path: 'settings.closesAt' }] });
    expect(await refusal(save({ answersShown: 'afterDeadline' }))).toMatchObject({ errors: [{ path: 'settings.closesAt' }] });
  });
});

describe('results', () => {
  it('list people and questions with averages and a histogram, and the attempt that counts', async () => {
    const { courseId, students } = await newCourse('anna', 'ben', 'carl');
    const [anna, ben] = students as [typeof ada, typeof ada];
    const quiz = await publishQuiz(ada, courseId, { settings: { maxAttempts: 2 } });
    const params = { courseId, quizId: quiz.id };
    const right = rightAnswers(quiz);
    await take(anna, params, right);
    await take(anna, params, new Map());
    await take(ben, params, new Map([...right].slice(0, 1)));
    const results = await ada.api.listQuizResults({ params });
    expect(results.results).toMatchObject([{ displayName: `anna${count}`, points: 10, attemptCount: 2, isGraded: true }, { displayName: `ben${count}`, points: 1, attemptCount: 1 }, { displayName: `carl${count}`, points: null, attemptCount: 0, questions: [] }]);
    expect(results).toMatchObject({ takenCount: 2, averagePoints: 5.5, histogram: [0, 1, 0, 0, 0, 0, 0, 0, 0, 1] });
    expect(results.questions.map(({ rightShare, answerCount }) => [rightShare, answerCount])).toEqual([[1, 2], [0.5, 2], [0.5, 2], [0.5, 2], [0.5, 2]]);
    const page = await ada.api.listQuizResults({ params, query: { limit: 2 } });
    expect((await ada.api.listQuizResults({ params, query: { limit: 2, cursor: page.nextCursor ?? '' } })).results).toEqual(results.results.slice(2));
    await ada.api.updateQuiz({ params, body: { title: 'Exam', settings: { ...quiz.settings, countedAttempt: 'last' }, questions: quiz.questions } });
    expect((await ada.api.listQuizResults({ params })).results[0]).toMatchObject({ points: 0, attemptCount: 2 });
  });

  it('are a CSV table in which no formula runs', async () => {
    const { courseId } = await newCourse();
    const eve = await (await site.signup(`=cmd|' /C calc'!A0${count}`.replace(/[^a-z0-9]/gi, ''))).join(ada, courseId, 'student');
    await eve.api.updateProfile({ body: { displayName: '=1+1' } });
    const quiz = await publishQuiz(ada, courseId, { questions: [{ ...essay, accepted: ['Rayleigh'], prompt: '=HYPERLINK("x")' }] });
    await take(eve, { courseId, quizId: quiz.id }, rightAnswers(quiz));
    const { csv } = await ada.api.exportQuizResults({ params: { courseId, quizId: quiz.id } });
    const [header = '', row = ''] = csv.split('\r\n');
    expect(header).toContain('"1. =HYPERLINK(""x"") (5)"');
    expect(row.startsWith(`"'=1+1"`)).toBe(true);
    expect(row.endsWith(',5,"graded",5')).toBe(true);
  });

  it('wait for a person who grades a text, and keep these points and the comment', async () => {
    const { courseId, students } = await newCourse('dora');
    const [dora] = students as [typeof ada];
    const quiz = await publishQuiz(ada, courseId, { questions: [essay, ...examQuestions.slice(0, 1)] });
    const params = { courseId, quizId: quiz.id };
    const done = await take(dora, params, rightAnswers(quiz));
    expect(done).toMatchObject({ points: 1, isGraded: false });
    const grade = (points: number) => ada.api.gradeAnswer({ params: { ...params, attemptId: done.id, questionId: quiz.questions[0]?.id ?? '' }, body: { points, comment: 'Good.' } });
    expect(await refusal(grade(5.5))).toMatchObject({ code: 'request.invalid', errors: [{ path: 'points' }] });
    expect(await grade(4)).toMatchObject({ points: 5, isGraded: true });
    await ada.api.regradeQuiz({ params });
    expect((await dora.api.getAttempt({ params: { ...params, attemptId: done.id } })).questions[0]).toMatchObject({ grade: { points: 4, comment: 'Good.' } });
    expect((await ada.api.listAudit({ query: { targetId: quiz.id, action: 'quiz.graded' } })).entries).toMatchObject([{ changes: { points: 4 } }]);
  });

  it('are graded again when the right answer was wrong; attempts keep what they asked', async () => {
    const { courseId, students } = await newCourse('fay');
    const [fay] = students as [typeof ada];
    const quiz = await publishQuiz(ada, courseId, { questions: examQuestions.slice(0, 1) });
    const params = { courseId, quizId: quiz.id };
    const [question] = quiz.questions;
    if (question?.kind !== 'single') throw new Error('it is a single choice');
    const green = question.options[1]?.id ?? '';
    const done = await take(fay, params, new Map([[question.id, { kind: 'single', optionId: green }]]));
    expect(done.points).toBe(0);
    const corrected = { ...question, prompt: 'Corrected', options: question.options.map((option) => ({ ...option, isRight: option.id === green })) };
    await ada.api.updateQuiz({ params, body: { title: 'Exam', questions: [corrected] } });
    expect((await fay.api.getAttempt({ params: { ...params, attemptId: done.id } })).points).toBe(0);
    expect(await ada.api.regradeQuiz({ params })).toEqual({ attemptCount: 1, changedCount: 1 });
    expect(await ada.api.regradeQuiz({ params })).toEqual({ attemptCount: 1, changedCount: 0 });
    expect(await fay.api.getAttempt({ params: { ...params, attemptId: done.id } })).toMatchObject({ points: 1, questions: [{ prompt: question.prompt, right: { optionIds: [green] } }] });
    const { entries } = await ada.api.listAudit({ query: { targetId: quiz.id, action: 'quiz.regraded' } });
    expect(entries.map(({ changes }) => changes.changed).sort()).toEqual([0, 1]);
  });
});

describe('questions in a video', () => {
  async function newVideo() {
    const { courseId, students } = await newCourse('gus', 'hal');
    const { id: lectureId } = await ada.api.scheduleLecture({ params: { courseId }, body: { title: 'Waves', scheduledAt: new Date(site.clock.nowMs() + 3600_000).toISOString() } });
    const { _id: videoId } = await site.recordVideo({ courseId, lectureId, title: 'Waves' });
    const quiz = await publishQuiz(ada, courseId, { settings: { maxAttempts: 1 } });
    return { courseId, videoId, quiz, students: students as [typeof ada, typeof ada], params: { courseId, quizId: quiz.id } };
  }

  it('are asked at their second, once for each person, and are results like others', async () => {
    const { videoId, quiz, students: [gus, hal], params } = await newVideo();
    const ids = quiz.questions.map(({ id }) => id);
    const add = (questionIds: string[], atSeconds: number) => ada.api.addVideoQuestion({ params: { videoId }, body: { quizId: quiz.id, questionIds, atSeconds, isRequired: true } });
    const later = await add(ids.slice(2, 3), 60);
    const first = await add(ids.slice(0, 2), 20);
    expect((await gus.api.listVideoQuestions({ params: { videoId } })).moments).toEqual([first, later]);
    const at = { params: { videoId, momentId: first.id } };
    const [attempt, same] = await Promise.all([gus.api.startVideoAttempt(at), gus.api.startVideoAttempt(at)]);
    expect(same).toEqual(attempt);
    expect(attempt).toMatchObject({ state: 'open', videoId, questions: [{ id: ids[0], right: null }, { id: ids[1], right: null }] });
    await answerAll(gus, attempt, rightAnswers(quiz));
    expect(await gus.api.handInAttempt({ params: { ...params, attemptId: attempt.id } })).toMatchObject({ points: 3, maxPoints: 3 });
    expect(await gus.api.startVideoAttempt(at)).toMatchObject({ id: attempt.id, state: 'handedIn' });
    expect((await gus.api.listVideoQuestions({ params: { videoId } })).moments.map(({ isAnswered }) => isAnswered)).toEqual([true, false]);
    await take(hal, params, rightAnswers(quiz));
    expect((await ada.api.listQuizResults({ params })).results).toMatchObject([{ points: 3, isFromVideo: true, attemptCount: 0 }, { points: 10, isFromVideo: false, attemptCount: 1 }]);
    // The whole quiz can still be taken once, and counts then.
    await take(gus, params, new Map());
    expect((await ada.api.listQuizResults({ params })).results[0]).toMatchObject({ points: 0, isFromVideo: false });
  });

  it('are asked each time if they are repeated', async () => {
    const { videoId, quiz, students: [gus], params } = await newVideo();
    const { id: momentId } = await ada.api.addVideoQuestion({ params: { videoId }, body: { quizId: quiz.id, questionIds: [quiz.questions[0]?.id ?? ''], atSeconds: 5, isRepeated: true } });
    const first = await gus.api.startVideoAttempt({ params: { videoId, momentId } });
    await gus.api.handInAttempt({ params: { ...params, attemptId: first.id } });
    expect(await gus.api.startVideoAttempt({ params: { videoId, momentId } })).toMatchObject({ state: 'open', number: 2 });
  });

  it('are of a quiz of the course, and gone with it', async () => {
    const { videoId, quiz, params, students: [gus] } = await newVideo();
    const other = await publishQuiz(ada, (await newCourse()).courseId);
    const add = (quizId: string, questionIds: string[]) => ada.api.addVideoQuestion({ params: { videoId }, body: { quizId, questionIds, atSeconds: 5 } });
    expect(await refusal(add(other.id, [other.questions[0]?.id ?? '']))).toMatchObject({ code: 'quiz.notFound' });
    expect(await refusal(add(quiz.id, [other.questions[0]?.id ?? '']))).toMatchObject({ code: 'request.invalid' });
    expect(await refusal(gus.api.addVideoQuestion({ params: { videoId }, body: { quizId: quiz.id, questionIds: [quiz.questions[0]?.id ?? ''], atSeconds: 5 } }))).toMatchObject({ code: 'access.denied' });
    const { id: momentId } = await add(quiz.id, [quiz.questions[0]?.id ?? '']);
    await ada.api.deleteQuiz({ params });
    expect(await refusal(gus.api.startVideoAttempt({ params: { videoId, momentId } }))).toMatchObject({ code: 'quiz.notFound' });
    expect(await gus.api.listVideoQuestions({ params: { videoId } })).toEqual({ moments: [] });
  });
});
