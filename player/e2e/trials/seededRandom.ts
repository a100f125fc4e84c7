/** Numbers from 0 to 1, the same for the same seed (mulberry32, by Tommy Ettinger). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A seed that changes with each run, or `LECTERN_TRIAL_SEED`, which repeats a run: `LECTERN_TRIAL_SEED=… npm run trials -- socketFuzz`. Prints it. */
export function trialSeed(name: string): number {
  const given = Number(process.env.LECTERN_TRIAL_SEED);
  const seed = Number.isInteger(given) && given > 0 ? given : Math.floor(Math.random() * 2 ** 30) + 1;
  process.stdout.write(`[${name}] LECTERN_TRIAL_SEED=${seed}\n`);
  return seed;
}
