import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { ApiError, SecondFactorChallenge } from '#api/contract';
import type { SignedIn } from '#api/contract';
import { safeNext } from '../app/paths.ts';
import { accountStore } from '../app/services.ts';

export interface Login {
  /** Of the second step; undefined until the first one is done. */
  challenge: SecondFactorChallenge | undefined;
  /** Signs in and opens the next page, or goes on to the second step. */
  attempt: <T extends SignedIn>(login: () => Promise<T>) => Promise<T | undefined>;
  startOver: () => void;
}

export function useLogin(next: string | undefined): Login {
  const { route } = useLocation();
  const [challenge, setChallenge] = useState<SecondFactorChallenge>();
  return {
    challenge,
    startOver: () => setChallenge(undefined),
    attempt: async (login) => {
      try {
        const signedIn = await login();
        accountStore.accept(signedIn);
        route(safeNext(next), true);
        return signedIn;
      } catch (error) {
        const asked = error instanceof ApiError && error.code === 'secondFactor.required' ? SecondFactorChallenge.safeParse(error.problem.details) : undefined;
        if (!asked?.success) throw error;
        setChallenge(asked.data);
        return undefined;
      }
    },
  };
}
