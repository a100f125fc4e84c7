import { useEffect, useState } from 'preact/hooks';
import { ApiError, ApiUnreachableError } from '#api/contract';
import type { Answer, Attempt } from '#api/contract';
import { api } from '../app/services.ts';
import { showToast } from '../design/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import { AnswerSaver } from './AnswerSaver.ts';

const refreshMs = 10_000;

function isTemporary(error: unknown): boolean {
  return error instanceof ApiUnreachableError || (error instanceof ApiError && (error.status >= 500 || error.status === 429));
}

/** An open attempt with the answers of this page, which are saved as they are given; and what other devices have answered. */
export function useAttempt(first: Attempt, onDone: (attempt: Attempt) => void) {
  const params = { courseId: first.courseId, quizId: first.quizId, attemptId: first.id };
  const [attempt, setAttempt] = useState(first);
  const [own, setOwn] = useState<ReadonlyMap<string, Answer | null>>(new Map());
  const [saver] = useState(
    () =>
      new AnswerSaver({
        save: (questionId, answer) => api.saveAnswer({ params: { ...params, questionId }, body: { answer } }, { keepalive: true }),
        isTemporary,
        onRefused: (error) => {
          showToast({ text: sentenceFor(error), tone: 'danger' });
          void refresh();
        },
        after: (ms, run) => {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
      }),
  );

  /** Reads the attempt; what this page has not saved yet stays. */
  async function refresh(): Promise<void> {
    const next = await api.getAttempt({ params }).catch((error: unknown) => {
      if (isTemporary(error)) return undefined;
      throw error;
    });
    if (!next) return;
    if (next.state === 'handedIn') return onDone(next);
    setAttempt(next);
    setOwn(new Map(saver.pending));
  }

  useEffect(() => {
    const ifVisible = () => {
      if (document.visibilityState === 'visible' && saver.pending.size === 0) void refresh();
    };
    const online = () => void saver.flush();
    const timer = setInterval(ifVisible, refreshMs);
    document.addEventListener('visibilitychange', ifVisible);
    addEventListener('online', online);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ifVisible);
      removeEventListener('online', online);
      saver.close();
    };
  }, []);

  return {
    attempt,
    saveState: saver.state,
    refresh,
    answerOf: (questionId: string): Answer | null => {
      const given = own.get(questionId);
      return given === undefined ? (attempt.questions.find(({ id }) => id === questionId)?.answer ?? null) : given;
    },
    answer: (questionId: string, answer: Answer | null) => {
      setOwn((before) => new Map(before).set(questionId, answer));
      saver.put(questionId, answer);
    },
    handIn: async () => {
      if (!(await saver.flush())) throw new ApiUnreachableError(new Error('answers are not saved yet'));
      onDone(await api.handInAttempt({ params }));
    },
  };
}
