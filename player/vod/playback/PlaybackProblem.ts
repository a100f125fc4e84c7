/**
 * Why a picture does not go on. `network`: tried again by itself. `gone`: the right to watch was taken away. `missing`:
 * there is nothing to play. `decode`: the browser gave up on the data. `codec`: it never can.
 */
export type PlaybackProblem = 'network' | 'gone' | 'missing' | 'decode' | 'codec';

/** Trying again can help. */
export function canRetry(problem: PlaybackProblem): boolean {
  return problem !== 'gone' && problem !== 'codec';
}
