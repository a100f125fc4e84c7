import { background } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import type { EnrolmentRow } from '../courses/EnrolmentStore.ts';
import type { WebhookEvents } from './WebhookEvents.ts';

/** Reports each person who is enrolled, whatever the way in. */
export function reportEnrolments({ events }: { events: Pick<WebhookEvents, 'record'> }, logger: Logger): (enrolment: EnrolmentRow) => void {
  return ({ _id: subjectId, courseId, userId, role }) => {
    background('webhooks.enrolment.added', events.record({ type: 'enrolment.added', courseId, subjectId, data: { userId, role }, aboutUserId: userId }), logger);
  };
}
