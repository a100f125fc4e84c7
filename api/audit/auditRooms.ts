import type { LectureNotification, LectureRegistry } from '#engine';
import { CourseId } from '#engine/contract';
import { background } from '#engine/kernel';
import type { Clock, Database, Logger } from '#engine/kernel';
import type { AuditRecord } from './AuditLog.ts';
import { DatabaseAuditLog } from './DatabaseAuditLog.ts';

export interface AuditRoomsOptions {
  registry: Pick<LectureRegistry, 'onLive'>;
  database: Database;
  clock: Clock;
  logger: Logger;
}

/** Audits what presenters do to others in the rooms of this process, which owns their lectures. Returns what ends it. */
export function auditRooms({ registry, logger, ...options }: AuditRoomsOptions): () => void {
  const audit = new DatabaseAuditLog({ ...options, logger });
  const stop = registry.onLive((lecture) => {
    const { id: lectureId, view: { courseId } } = lecture;
    const stopListening = lecture.onNotification((notification) => {
      if (notification.type === 'lecture.moved' || notification.type === 'lecture.ended') stopListening();
      const done = actionOf(notification, lectureId);
      if (done) background('audit.room', audit.record({ ...done, courseId: CourseId.parse(courseId), requestId: '', addressGroup: '' }), logger);
    });
  });
  return () => {
    stop();
    audit.close();
  };
}

type RoomAction = Pick<AuditRecord, 'actorId' | 'action' | 'target' | 'changes'>;

function actionOf(notification: LectureNotification, lectureId: string): RoomAction | undefined {
  switch (notification.type) {
    case 'participant.removed': {
      const { userId, byUserId } = notification.data;
      return { actorId: byUserId, action: 'participant.removed', target: { kind: 'user', id: userId }, changes: { lectureId } };
    }
    case 'chat.muted': {
      const { userId, byUserId, isMuted } = notification.data;
      return { actorId: byUserId, action: isMuted ? 'participant.muted' : 'participant.unmuted', target: { kind: 'user', id: userId }, changes: { lectureId } };
    }
    case 'chat.slowModeChanged': {
      const { byUserId, intervalMs } = notification.data;
      return { actorId: byUserId, action: 'chat.slowModeChanged', target: { kind: 'lecture', id: lectureId }, changes: { intervalMs } };
    }
    default:
      return undefined;
  }
}
