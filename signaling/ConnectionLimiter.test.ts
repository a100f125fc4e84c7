import { describe, expect, it } from 'vitest';
import { ConnectionLimiter } from './ConnectionLimiter.ts';
import { FakeConnection } from './testing/FakeConnection.ts';

describe('ConnectionLimiter', () => {
  const isClosed = ({ readyState }: FakeConnection) => readyState === 'closed';
  const open = () => {
    const limiter = new ConnectionLimiter<FakeConnection>({ maxInRooms: 2, headroom: 1 });
    const add = () => {
      const conn = new FakeConnection();
      conn.once('close', () => limiter.remove(conn));
      limiter.add(conn);
      return conn;
    };
    return { limiter, add };
  };

  it('evicts the connection that has been in no room for the longest time', () => {
    const { limiter, add } = open();
    const [student, ...idle] = [add(), add(), add()];
    limiter.joinedRoom(student);
    const late = add();
    expect([student, ...idle, late].map(isClosed)).toEqual([false, true, false, false]);
  });

  it('is full when enough connections are in rooms, until one closes', () => {
    const { limiter, add } = open();
    const [first, second] = [add(), add()];
    limiter.joinedRoom(first);
    expect(limiter.isFull).toBe(false);
    limiter.joinedRoom(second);
    expect(limiter.isFull).toBe(true);
    first.close();
    expect(limiter.isFull).toBe(false);
  });

  it('does not keep a place for a connection that has left its room', () => {
    const { limiter, add } = open();
    const [first, second, third] = [add(), add(), add()];
    for (const each of [first, second]) limiter.joinedRoom(each);
    limiter.leftRoom(first);
    expect(limiter.isFull).toBe(false);
    for (let more = 0; more < 2; more += 1) add();
    expect([first, second, third].map(isClosed)).toEqual([true, false, true]);
  });

  it('counts no connection twice, and none that has closed', () => {
    const { limiter, add } = open();
    const student = add();
    for (let time = 0; time < 3; time += 1) limiter.joinedRoom(student);
    student.close();
    limiter.joinedRoom(student);
    limiter.leftRoom(student);
    const others = [add(), add(), add()];
    expect(others.some(isClosed)).toBe(false);
  });
});
