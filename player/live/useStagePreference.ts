import { useState } from 'preact/hooks';
import { storedPreference, storePreference } from '../vod/stage/stageLayout.ts';
import type { StagePreference } from '../vod/stage/stageLayout.ts';

/** How this viewer arranges two videos, in the live room and in replays. */
export function useStagePreference(): [StagePreference, (next: StagePreference) => void] {
  const [preference, setPreference] = useState(storedPreference);
  const choose = (next: StagePreference) => {
    storePreference(next);
    setPreference(next);
  };
  return [preference, choose];
}
