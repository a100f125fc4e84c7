import * as z from 'zod';
import { CourseId, LectureId, UserId } from '../contract/index.ts';
import { topic } from '../kernel/bus/index.ts';
import type { Bus, Unsubscribe } from '../kernel/bus/index.ts';
import type { Clock } from '../kernel/Clock.ts';
import type { LectureRegistry } from './LectureRegistry.ts';
import { removalRepeatMs } from './limits.ts';
import type { CourseRoles } from './ports.ts';

/** A person's role in a course has changed or ended. `hasLeft`: by the person's own wish. */
export const rightsChanged = topic('course.rightsChanged', z.object({ userId: UserId, courseId: CourseId, hasLeft: z.boolean() }));

/** A person was removed from a lecture, or let in again. */
export const removalsChanged = topic('lecture.removalsChanged', z.object({ userId: UserId, lectureId: LectureId }));

export interface RightsFollowerOptions {
  bus: Bus;
  registry: LectureRegistry;
  courseRoles: CourseRoles;
}

/**
 * Applies changes of rights, whichever process they were made in, to the live rooms of this process. The message says that
 * something has changed; what holds now is read. When messages may have been missed, everybody in the rooms is checked.
 */
export async function followRights({ bus, registry, courseRoles }: RightsFollowerOptions): Promise<Unsubscribe> {
  const apply = async ({ userId, courseId, hasLeft }: z.infer<typeof rightsChanged.schema>) => {
    const role = await courseRoles.roleOf(userId, courseId);
    if (role === undefined) registry.expel(userId, courseId, hasLeft ? 'left' : 'expelled');
    else registry.setRole(userId, courseId, role);
  };
  const checkEverybody = async () => {
    for (const { roster, view } of registry.allLive()) {
      const userIds = new Set(roster.people().map(({ userId }) => userId));
      for (const userId of userIds) await apply({ userId, courseId: view.courseId, hasLeft: false });
    }
  };
  return bus.subscribe(rightsChanged, { onMessage: apply, onMissed: checkEverybody });
}

/**
 * Announces the people who are removed from live lectures in this process, so that no process serves them media. Returns the
 * function that ends this, with the repeats that are due.
 */
export function announceRemovals({ bus, registry, clock }: Pick<RightsFollowerOptions, 'bus' | 'registry'> & { clock: Clock }): Unsubscribe {
  const repeats = new Set<() => void>();
  let isClosed = false;
  const unsubscribe = registry.onLive((lecture) => {
    lecture.onNotification((notification) => {
      if (isClosed || notification.type !== 'participant.removed') return;
      const removal = { userId: notification.data.userId, lectureId: lecture.id };
      bus.publish(removalsChanged, removal);
      const cancel = clock.after(removalRepeatMs, () => {
        repeats.delete(cancel);
        bus.publish(removalsChanged, removal);
      });
      repeats.add(cancel);
    });
  });
  return () => {
    isClosed = true;
    unsubscribe();
    for (const cancel of repeats) cancel();
    repeats.clear();
  };
}
