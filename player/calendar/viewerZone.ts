import { browserZone } from './zonedTime.ts';

/** The time zone in which the user reads times. */
export function viewerZone(): string {
  return browserZone();
}
