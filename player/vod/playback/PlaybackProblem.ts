/**
 * Why playback stopped. `network`: retried automatically. `gone`: access was revoked. `missing`: there is nothing to
 * play. `decode`: the browser could not decode the data. `codec`: the browser does not support the format. `stuck`: nothing plays,
 * and the browser does not say why.
 */
export type PlaybackProblem = 'network' | 'gone' | 'missing' | 'decode' | 'codec' | 'stuck';

/** A retry can help. */
export function canRetry(problem: PlaybackProblem): boolean {
  return problem !== 'gone' && problem !== 'codec';
}
