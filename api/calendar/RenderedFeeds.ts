import { createHash } from 'node:crypto';
import { maxRenderedFeedsLength } from '../learningLimits.ts';
import { icalendar } from './icalendar.ts';
import type { CalendarOptions } from './icalendar.ts';

/**
 * Calendars by the version of what they contain: a calendar that has not changed is not rendered again, and one that the client has
 * is not rendered at all. Keeps those that were asked for last, up to `maxRenderedFeedsLength`.
 */
export class RenderedFeeds {
  readonly #bodies = new Map<string, string>();
  readonly #render: (calendar: CalendarOptions) => string;
  #length = 0;

  constructor(render: (calendar: CalendarOptions) => string = icalendar) {
    this.#render = render;
  }

  /** The same for the same contents, in every process. */
  versionOf(calendar: CalendarOptions): string {
    return createHash('sha256').update(JSON.stringify(calendar)).digest('base64url');
  }

  bodyOf(calendar: CalendarOptions, version = this.versionOf(calendar)): string {
    const known = this.#bodies.get(version);
    const body = known ?? this.#render(calendar);
    this.#bodies.delete(version);
    this.#bodies.set(version, body);
    if (known === undefined) this.#length += body.length;
    this.#forgetOldest();
    return body;
  }

  #forgetOldest(): void {
    for (const [version, body] of this.#bodies) {
      if (this.#length <= maxRenderedFeedsLength) return;
      this.#bodies.delete(version);
      this.#length -= body.length;
    }
  }
}
