import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { fromInstant } from '#engine/kernel';
import { assumedMinutes, feedRefreshSeconds } from '../learningLimits.ts';

/** A lecture as an event of a calendar. */
export interface CalendarEvent {
  /** The id of the lecture. */
  id: string;
  title: string;
  courseTitle: string;
  scheduledAt: string;
  durationMinutes: number | null;
  /** Rises with every change. */
  revision: number;
  /** Of the last change. */
  changedAt: string;
  isCancelled: boolean;
  /** The page of the lecture. */
  url: string;
}

export interface CalendarOptions {
  name: string;
  events: readonly CalendarEvent[];
}

/**
 * The events as iCalendar (RFC 5545), with times in UTC. Each lecture of a series is an event of its own, so that every calendar
 * program shows the same times. The text depends on nothing but its input.
 */
export function icalendar({ name, events }: CalendarOptions): string {
  const calendar = ical({ name, prodId: { company: 'Lectern', product: 'Lectern', language: 'EN' }, method: ICalCalendarMethod.PUBLISH, ttl: feedRefreshSeconds });
  for (const event of events) {
    const startMs = fromInstant(event.scheduledAt);
    calendar.createEvent({
      id: `${event.id}@lectern`,
      sequence: event.revision,
      stamp: new Date(event.changedAt),
      lastModified: new Date(event.changedAt),
      start: new Date(startMs),
      end: new Date(startMs + (event.durationMinutes ?? assumedMinutes) * 60_000),
      summary: event.title,
      description: `${event.courseTitle}\n${event.url}`,
      location: event.url,
      url: event.url,
      status: event.isCancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    });
  }
  return calendar.toString();
}
