import { timeZone } from '../text/timeZone.ts';

/** The time zone in which the user reads times: that of the profile, or of the browser. */
export function viewerZone(): string {
  return timeZone.value;
}
