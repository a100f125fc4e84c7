import { useState } from 'preact/hooks';
import { ApiError } from '#api/contract';
import { showToast } from '../design/index.ts';
import { fieldSentence, sentenceFor } from '../text/sentenceFor.ts';

export interface Action<Given extends unknown[]> {
  run: (...given: Given) => void;
  isBusy: boolean;
  /** A sentence about the last failure; undefined if the form fields show it. */
  problem: string | undefined;
  fieldProblem: (path: string) => string | undefined;
}

/** An action that the user starts and waits for. One call runs at a time; its failure is kept until the next call. */
export function useAction<Given extends unknown[]>(work: (...given: Given) => Promise<void>): Action<Given> {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  async function perform(given: Given) {
    setBusy(true);
    setError(undefined);
    try {
      await work(...given);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  const hasFields = error instanceof ApiError && (error.problem.errors?.length ?? 0) > 0;
  return {
    run: (...given) => {
      if (!isBusy) void perform(given);
    },
    isBusy,
    problem: error === undefined || hasFields ? undefined : sentenceFor(error),
    fieldProblem: (path) => fieldSentence(error, path),
  };
}

/** An action without a form. A toast shows its failure. */
export function useToastedAction<Given extends unknown[]>(work: (...given: Given) => Promise<void>): Action<Given> {
  return useAction(async (...given: Given) => {
    try {
      await work(...given);
    } catch (error) {
      showToast({ text: sentenceFor(error), tone: 'danger' });
    }
  });
}
