import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { Ack, AckData, ClientToServer, RequestInput, RequestName, ServerToClient } from '#signaling/contract';
import type { LectureId } from '#engine/contract';
import type { Person } from './Person.ts';

const requestTimeoutMs = 10_000;

/** A participant of a live room without media: enough to chat and to raise a hand. */
export class RoomVisit {
  readonly socket: Socket<ServerToClient, ClientToServer>;

  private constructor(baseUrl: string, { namespace, path }: { namespace: string; path: string }) {
    this.socket = io(`${baseUrl}${namespace}`, { path, transports: ['websocket'], reconnection: false });
  }

  static async enter(baseUrl: string, person: Person, lectureId: LectureId): Promise<RoomVisit> {
    const { ticket, signaling } = await person.api.joinLecture({ body: { lectureId } });
    const visit = new RoomVisit(baseUrl, signaling);
    await visit.ask('room.join', { ticket });
    return visit;
  }

  async ask<N extends RequestName>(name: N, request: RequestInput<N>): Promise<AckData<N>> {
    const ack = await new Promise<Ack<N>>((resolve, reject) => {
      const emit = this.socket.timeout(requestTimeoutMs).emit.bind(this.socket.timeout(requestTimeoutMs)) as (name: string, request: unknown, callback: (err: Error | null, ack: Ack<N>) => void) => void;
      emit(name, request, (err, acknowledged) => (err ? reject(err) : resolve(acknowledged)));
    });
    if (!ack.ok) throw new Error(`${name}: ${ack.error.code} ${ack.error.message}`);
    return ack.data;
  }

  leave(): void {
    this.socket.disconnect();
  }
}
