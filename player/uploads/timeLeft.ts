import { text } from '../text/index.ts';

/** `Less than a minute left`, `4 minutes left`, `2 h 10 min left`. Coarse, so that it stays calm. */
export function timeLeft(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 50) return text.uploads.left.seconds;
  if (minutes < 60) return text.uploads.left.minutes(Math.max(1, minutes));
  const coarse = Math.round(minutes / 5) * 5;
  return text.uploads.left.hours(Math.floor(coarse / 60), coarse % 60);
}
