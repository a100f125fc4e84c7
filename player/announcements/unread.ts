import { signal } from '@preact/signals';
import { api } from '../app/services.ts';

/** Counts the times that announcements were marked as read on this page: what shows their number loads it again. */
export const readings = signal(0);

/** Marks the announcements of a course as read, up to this one. */
export async function markRead(courseId: string, until: string): Promise<void> {
  await api.readAnnouncements({ params: { courseId }, body: { until } });
  readings.value += 1;
}
