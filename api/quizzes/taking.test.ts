import { beforeEach, describe, expect, it } from 'vitest';
import { refusal, startSharedTestApi } from '../testing/index.ts';
import { handInIntervalMs } from './limits.ts';
import { quizPersonalData } from './quizPersonalData.ts';
import { answerAll, examQuestions, publishQuiz, rightAnswers } from './testing/examQuiz.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
let count = 0;
beforeEach(() => pass(0));

/** Lets time pass. Access tokens last for ten minutes. */
async function pass(minutes: number, ...people: (typeof ada)[]): Promise<void> {
  site.clock.advance(minutes * 60_000);
  for (const person of [ada, ...people]) person.take(await person.api.refresh());
}

const inMinutes = (minutes: number) => new Date(site.clock.nowMs() + minutes * 60_000).toISOString();

async function newExam(settings: Parameters<typeof publishQuiz>[2] = {}) {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics', timeZone: 'Europe/Madrid' } });
  const sam = await (await site.signup(`taker${(count += 1)}`)).join(ada, courseId, 'student');
  const quiz = await publishQuiz(ada, courseId, settings);
  const params = { courseId, quizId: quiz.id };
  const at = (attemptId: string) => ({ params: { ...params, attemptId } });
  return { courseId, sam, quiz, params, at, right: rightAnswers(quiz) };
}

/** Everything that the server sends for a call of this person, as text. */
async function wire(person: typeof ada, method: string, path: string): Promise<string> {
  const response = await person.fetch(path, { method, headers: { authorization: `Bearer ${person.token ?? ''}` } });
  return response.text();
}

describe('an attempt', () => {
  it('is answered one by one, handed in and graded by the server', async () => {
    const { sam, params, at, right } = await newExam();
    const attempt = await sam.api.startAttempt({ params });
    expect(attempt).toMatchObject({ state: 'open', number: 1, points: null, maxPoints: 10 });
    await answerAll(sam, attempt, right);
    const done = await sam.api.handInAttempt(at(attempt.id));
    expect(done).toMatchObject({ state: 'handedIn', points: 10, isGraded: true, isHandedInByServer: false });
    expect(done.questions[0]).toMatchObject({ grade: { points: 1, comment: '' }, explanation: 'Violet has the shortest waves.' });
    expect(await sam.api.getOwnQuiz({ params })).toMatchObject({ quiz: { own: { attemptCount: 1, openAttemptId: null, canStart: false, counted: { points: 10 } } }, attempts: [{ id: attempt.id }] });
    expect(await refusal(sam.api.startAttempt({ params }))).toMatchObject({ code: 'attempt.noneLeft' });
  });

  it('is one for all devices of a person, also when they begin at once, and keeps its order and its answers', async () => {
    const { sam, params, at, right, quiz } = await newExam({ settings: { areQuestionsShuffled: true, areOptionsShuffled: true } });
    const started = await Promise.all(Array.from({ length: 5 }, () => sam.api.startAttempt({ params })));
    expect(new Set(started.map(({ id }) => id)).size).toBe(1);
    const [attempt] = started;
    if (!attempt) throw new Error('nothing was started');
    expect(attempt.questions.map(({ id }) => id).sort()).toEqual(quiz.questions.map(({ id }) => id).sort());
    const [first, second] = attempt.questions;
    const save = (questionId = '', answer = right.get(questionId) ?? null) => sam.api.saveAnswer({ params: { ...params, attemptId: attempt.id, questionId }, body: { answer } });
    const saved = await save(first?.id);
    site.clock.advance(5000);
    expect(await save(first?.id)).toEqual(saved);
    await Promise.all([save(first?.id), save(second?.id)]);
    const resumed = await sam.api.getAttempt(at(attempt.id));
    expect(resumed.questions.map(({ id, options }) => [id, options])).toEqual(attempt.questions.map(({ id, options }) => [id, options]));
    expect(resumed.questions.filter(({ answer }) => answer !== null).map(({ id }) => id)).toEqual([first?.id, second?.id]);
    await save(second?.id, null);
    expect((await sam.api.getAttempt(at(attempt.id))).questions[1]?.answer).toBeNull();
  });

  it('changes no more when it is handed in: twice, at once, or answered afterwards', async () => {
    const { sam, params, at, right } = await newExam();
    const attempt = await sam.api.startAttempt({ params });
    await answerAll(sam, attempt, right);
    const [first, second] = await Promise.all([sam.api.handInAttempt(at(attempt.id)), sam.api.handInAttempt(at(attempt.id))]);
    site.clock.advance(60_000);
    expect(await sam.api.handInAttempt(at(attempt.id))).toEqual(first);
    expect(second).toEqual(first);
    const late = sam.api.saveAnswer({ params: { ...params, attemptId: attempt.id, questionId: attempt.questions[0]?.id ?? '' }, body: { answer: null } });
    expect(await refusal(late)).toMatchObject({ code: 'attempt.handedIn', status: 409 });
    expect(await sam.api.getAttempt(at(attempt.id))).toEqual(first);
  });

  it('belongs to one person: others cannot read it, answer it or hand it in', async () => {
    const { courseId, sam, params, at } = await newExam();
    const attempt = await sam.api.startAttempt({ params });
    const mia = await (await site.signup(`other${count}`)).join(ada, courseId, 'student');
    const questionId = attempt.questions[0]?.id ?? '';
    for (const call of [() => mia.api.getAttempt(at(attempt.id)), () => mia.api.handInAttempt(at(attempt.id)), () => mia.api.saveAnswer({ params: { ...params, attemptId: attempt.id, questionId }, body: { answer: null } }), () => ada.api.handInAttempt(at(attempt.id))]) {
      expect(await refusal(call())).toMatchObject({ code: 'attempt.notFound', status: 404 });
    }
    expect(await refusal(mia.api.listQuizResults({ params }))).toMatchObject({ code: 'access.denied' });
  });

  it('refuses what is no answer to its questions', async () => {
    const { sam, params, right, quiz } = await newExam();
    const attempt = await sam.api.startAttempt({ params });
    const [single, multiple, numeric, , ordering] = quiz.questions.map(({ id }) => id);
    const save = (questionId = '', answer: unknown = null) => refusal(sam.api.saveAnswer({ params: { ...params, attemptId: attempt.id, questionId }, body: { answer: answer as never } }));
    const order = right.get(ordering ?? '') as { optionIds: string[] };
    for (const wrong of [
      await save(single, { kind: 'numeric', value: 1 }),
      await save(single, { kind: 'single', optionId: 'opt_00000000000000000000' }),
      await save(multiple, { kind: 'multiple', optionIds: [order.optionIds[0]] }),
      await save(ordering, { kind: 'ordering', optionIds: order.optionIds.slice(1) }),
      await save(ordering, { kind: 'ordering', optionIds: order.optionIds.map(() => order.optionIds[0]) }),
      await save(numeric, { kind: 'numeric', value: 'fast' }),
      await save('qst_00000000000000000000', null),
    ]) expect(wrong).toMatchObject({ code: 'request.invalid' });
    expect((await sam.api.getAttempt({ params: { ...params, attemptId: attempt.id } })).questions.every(({ answer }) => answer === null)).toBe(true);
  });
});

describe('the time of a quiz', () => {
  it('ends an attempt at its limit: the server hands in what was saved, and refuses later answers', async () => {
    const { sam, params, at, right, quiz } = await newExam({ settings: { timeLimitMinutes: 10 } });
    const attempt = await sam.api.startAttempt({ params });
    const [single] = quiz.questions;
    await answerAll(sam, attempt, new Map([...right].filter(([id]) => id === single?.id)));
    await pass(10, sam);
    const late = sam.api.saveAnswer({ params: { ...params, attemptId: attempt.id, questionId: quiz.questions[1]?.id ?? '' }, body: { answer: right.get(quiz.questions[1]?.id ?? '') ?? null } });
    expect(await refusal(late)).toMatchObject({ code: 'attempt.handedIn', detail: expect.stringContaining('The time is up') as string });
    expect(await sam.api.getAttempt(at(attempt.id))).toMatchObject({ state: 'handedIn', points: 1, isHandedInByServer: true, handedInAt: attempt.endsAt });
  });

  it('is kept by a job for those who closed their laptop', async () => {
    const { sam, params, right, quiz } = await newExam({ settings: { timeLimitMinutes: 10 } });
    const attempt = await sam.api.startAttempt({ params });
    await answerAll(sam, attempt, right);
    site.clock.advance(10 * 60_000 + handInIntervalMs);
    await site.runJobs();
    expect(await site.collection<{ _id: string; state: string; points: number }>('quizAttempts').findOne({ _id: attempt.id })).toMatchObject({ state: 'handedIn', points: quiz.maxPoints });
  });

  it('opens and closes it, and moves with the deadline', async () => {
    const { sam, params, at } = await newExam({ settings: { opensAt: inMinutes(60), closesAt: inMinutes(120), timeLimitMinutes: 90 } });
    expect(await refusal(sam.api.startAttempt({ params }))).toMatchObject({ code: 'quiz.notOpen', detail: expect.stringContaining('(Europe/Madrid)') as string });
    await pass(60, sam);
    const attempt = await sam.api.startAttempt({ params });
    expect(attempt.endsAt).toBe(inMinutes(60));
    const { title, settings } = await ada.api.getQuiz({ params });
    await ada.api.updateQuiz({ params, body: { title, settings: { ...settings, closesAt: inMinutes(30) }, questions: (await ada.api.getQuiz({ params })).questions } });
    expect((await sam.api.getAttempt(at(attempt.id))).endsAt).toBe(inMinutes(30));
    await pass(30, sam);
    expect(await sam.api.getAttempt(at(attempt.id))).toMatchObject({ state: 'handedIn', isHandedInByServer: true });
    const mia = await (await site.signup(`late${count}`)).join(ada, params.courseId, 'student');
    expect(await refusal(mia.api.startAttempt({ params }))).toMatchObject({ code: 'quiz.closed', status: 409 });
  });
});

describe('right answers', () => {
  const secrets = /isRight|"accepted":\[[^\]]|Violet has|"tolerance":\d|"right":\{/;

  it('never reach the page of somebody who may not see them', async () => {
    const { sam, params, at } = await newExam({ settings: { answersShown: 'never', pointsShown: 'never' } });
    const base = `/api/v1/courses/${params.courseId}/quizzes`;
    const attempt = await sam.api.startAttempt({ params });
    const calls = [['GET', base], ['GET', `${base}/${params.quizId}`], ['GET', `${base}/${params.quizId}/own`], ['POST', `${base}/${params.quizId}/attempts`], ['GET', `${base}/${params.quizId}/attempts/${attempt.id}`], ['POST', `${base}/${params.quizId}/attempts/${attempt.id}/hand-in`], ['GET', `${base}/${params.quizId}/attempts/${attempt.id}`], ['GET', `${base}/${params.quizId}/results`]] as const;
    for (const [method, path] of calls) expect(await wire(sam, method, path), path).not.toMatch(secrets);
    expect(await sam.api.getAttempt(at(attempt.id))).toMatchObject({ points: null, questions: [{ right: null, explanation: null, grade: null }, {}, {}, {}, {}] });
    expect(await wire(ada, 'GET', `${base}/${params.quizId}`)).toMatch(secrets);
  });

  it('are not in the order or the ids of what is to be ordered', async () => {
    const { sam, params, quiz } = await newExam();
    const attempt = await sam.api.startAttempt({ params });
    const order = attempt.questions.find(({ kind }) => kind === 'ordering')?.options.map(({ id }) => id) ?? [];
    const stored = quiz.questions.find(({ kind }) => kind === 'ordering');
    expect([...order].sort()).toEqual(stored && 'options' in stored ? stored.options.map(({ id }) => id).sort() : []);
  });

  it('are shown after the deadline if the settings say so', async () => {
    const { sam, params, at } = await newExam({ settings: { closesAt: inMinutes(60), answersShown: 'afterDeadline', pointsShown: 'atOnce' } });
    const attempt = await sam.api.startAttempt({ params });
    expect((await sam.api.handInAttempt(at(attempt.id))).questions[0]).toMatchObject({ grade: { points: 0 }, right: null, explanation: null });
    await pass(60, sam);
    expect((await sam.api.getAttempt(at(attempt.id))).questions[0]).toMatchObject({ explanation: 'Violet has the shortest waves.', right: { optionIds: [expect.any(String)] } });
  });
});

it('a draft is unknown to students', async () => {
  const { sam, courseId, params } = await newExam();
  await ada.api.setQuizState({ params, body: { state: 'draft' } });
  expect(await sam.api.listQuizzes({ params: { courseId } })).toEqual({ quizzes: [] });
  expect(await refusal(sam.api.startAttempt({ params }))).toMatchObject({ code: 'quiz.notFound' });
  expect(await refusal(ada.api.startAttempt({ params }))).toMatchObject({ code: 'quiz.notOpen' });
});

it('the answers of a person are exported and erased with the account', async () => {
  const { sam, params, at, right } = await newExam();
  const attempt = await sam.api.startAttempt({ params });
  await answerAll(sam, attempt, right);
  await sam.api.handInAttempt(at(attempt.id));
  const source = quizPersonalData({ database: site.database } as never);
  const person = { userId: sam.userId } as never;
  expect(await source.rows(person)).toMatchObject([{ quiz: 'Exam', answers: [{ question: examQuestions[0]?.prompt, chosen: ['Violet'], points: 1 }, {}, {}, { answer: { text: 'Fermat' } }, {}] }]);
  await source.erase(person);
  expect(await source.rows(person)).toEqual([]);
  expect((await ada.api.listQuizResults({ params })).takenCount).toBe(0);
});
