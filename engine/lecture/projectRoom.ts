import type { ChatMessage, LectureEvent, MessageId, UserId } from '../contract/index.ts';

/** The state of a room that outlives its connections and the process: a projection of the event log. */
export interface RoomMemory {
  /** Without the deleted ones, oldest first. */
  messages: ChatMessage[];
  /** Oldest deletion first. */
  deletedMessages: MessageId[];
  mutedUsers: Set<UserId>;
  removedUsers: Set<UserId>;
  slowModeMs: number;
}

export function projectRoom(events: readonly LectureEvent[]): RoomMemory {
  const messages = new Map<string, ChatMessage>();
  const memory: RoomMemory = { messages: [], deletedMessages: [], mutedUsers: new Set(), removedUsers: new Set(), slowModeMs: 0 };
  for (const event of events) {
    switch (event.type) {
      case 'chat.posted':
        messages.set(event.data.message.id, event.data.message);
        break;
      case 'chat.deleted':
        messages.delete(event.data.messageId);
        memory.deletedMessages.push(event.data.messageId);
        break;
      case 'chat.muted':
        if (event.data.isMuted) memory.mutedUsers.add(event.data.userId);
        else memory.mutedUsers.delete(event.data.userId);
        break;
      case 'chat.slowModeChanged':
        memory.slowModeMs = event.data.intervalMs;
        break;
      case 'participant.removed':
        memory.removedUsers.add(event.data.userId);
        break;
      case 'participant.readmitted':
        memory.removedUsers.delete(event.data.userId);
        break;
      default:
    }
  }
  memory.messages = [...messages.values()];
  return memory;
}
