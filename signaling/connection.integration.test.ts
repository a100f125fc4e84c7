import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { until } from '#engine/testing';
import type { RoomSocket } from './SocketSession.ts';
import { connectionConformance } from './testing/connectionConformance.ts';

connectionConformance('Engine.IO', async () => {
  const http = createServer();
  const io = new Server(http, { perMessageDeflate: false });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const connected = new Promise<RoomSocket['conn']>((resolve) => void io.engine.once('connection', resolve));
  const client = connect((http.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined).on('data', () => undefined);
  const upgrade = ['GET /socket.io/?EIO=4&transport=websocket HTTP/1.1', 'Host: localhost', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='];
  client.write(`${upgrade.join('\r\n')}\r\n\r\n`);
  const conn = await connected;
  await until('the handshake', () => conn.transport.writable);
  return {
    conn,
    clientSends: (data) => void client.write(maskedFrame(`4${data}`)),
    setReading: (isReading) => void (isReading ? client.resume() : client.pause()),
    cleanup: async () => {
      client.destroy();
      await io.close();
    },
  };
});

/** A text frame of a client, RFC 6455 §5.2, with a mask of zeros. */
function maskedFrame(text: string): Buffer {
  return Buffer.concat([Buffer.of(0x81, 0x80 | text.length, 0, 0, 0, 0), Buffer.from(text)]);
}
