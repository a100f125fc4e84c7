import * as z from 'zod';
import { OwnerResponse } from '../Owners.ts';

// What the processes send one another over Redis, as JSON. Channels begin with the prefix of the installation.

/** On the channel of a topic. `from`: the process; `seq` counts its messages on this topic, so that a gap is noticed. */
export const TopicMessage = z.object({ from: z.string(), seq: z.int(), message: z.unknown() });

/** On the channel of all: this process could not send messages of these topics, or of some that it does not remember. */
export const MissedNotice = z.object({ from: z.string(), topics: z.array(z.string()).nullable() });

/** On the channel of an address. */
export const OwnerRequest = z.object({ requestId: z.string(), replyTo: z.string(), data: z.unknown() });

/** On the channel of the process that has asked. */
export const OwnerReply = z.object({ requestId: z.string(), response: OwnerResponse });

export const channels = {
  missed: 'lectern:missed',
  ofTopic: (topic: string) => `lectern:topic:${topic}`,
  ofAddress: (address: string) => `lectern:owner:${address}`,
  ofProcess: (processId: string) => `lectern:process:${processId}`,
} as const;
