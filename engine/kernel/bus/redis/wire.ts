import * as z from 'zod';
import { OwnerResponse } from '../Owners.ts';

// The JSON messages between the processes over Redis, and the names of their channels, which begin with `lectern:`.

/** Sent on the channel of a topic. `from` is the sending process; `seq` counts its messages on this topic, so that receivers notice a gap. */
export const TopicMessage = z.object({ from: z.string(), seq: z.int(), message: z.unknown() });

/** Sent on the channel `missed`: this process could not send messages of these topics. Null: it does not remember which topics. */
export const MissedNotice = z.object({ from: z.string(), topics: z.array(z.string()).nullable() });

/** Sent on the channel of an address. */
export const OwnerRequest = z.object({ requestId: z.string(), replyTo: z.string(), data: z.unknown() });

/** Sent on the channel of the process that sent the request. */
export const OwnerReply = z.object({ requestId: z.string(), response: OwnerResponse });

export const channels = {
  missed: 'lectern:missed',
  ofTopic: (topic: string) => `lectern:topic:${topic}`,
  ofAddress: (address: string) => `lectern:owner:${address}`,
  ofProcess: (processId: string) => `lectern:process:${processId}`,
} as const;
