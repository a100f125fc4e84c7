// Mends a fault of the driver (7.8.0): a command that is written to a socket which the server has closed, before the driver has noticed
// it, waits for the event `drain` of the closed socket for ever. If the command is a heartbeat, the server counts as unavailable from
// then on, although it answers.
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { MongoNetworkError } from 'mongodb';

/** The part of the driver's `Connection` that is mended. */
interface DriverConnection {
  socket: Socket;
}

type WriteCommand = (this: DriverConnection, command: unknown, options: unknown) => Promise<void>;

const { Connection } = createRequire(import.meta.url)('mongodb/lib/cmap/connection.js') as { Connection: { prototype: { writeCommand: WriteCommand } } };
const { writeCommand } = Connection.prototype;

/** Writes a command as the driver does, and fails when the socket closes first. @throws MongoNetworkError */
export async function writeOrFail(this: DriverConnection, command: unknown, options: unknown): Promise<void> {
  const { socket } = this;
  const { promise: closed, reject } = Promise.withResolvers<never>();
  const fail = () => reject(new MongoNetworkError('The connection was closed before the command was written.'));
  socket.once('close', fail);
  if (socket.closed) fail();
  try {
    await Promise.race([writeCommand.call(this, command, options), closed]);
  } finally {
    socket.off('close', fail);
  }
}

/** Mends all connections of the driver in this process. Repeated calls change nothing. */
export function failClosedWrites(): void {
  Connection.prototype.writeCommand = writeOrFail;
}
