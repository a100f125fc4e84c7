/** Numbers from 0 to 1 that come again with the same seed (mulberry32, by Tommy Ettinger). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed to go by: `LECTERN_TRIAL_SEED`, or another one each time. Print it, so that a run can be made again. */
export function trialSeed(): number {
  return Number(process.env.LECTERN_TRIAL_SEED ?? Date.now() % 2 ** 31);
}
