import { describe, expect, it } from 'vitest';
import { ConnectionLimiter } from './ConnectionLimiter.ts';

describe('seats', () => {
  const open = () => {
    const seats = new ConnectionLimiter<Guest>({ seats: 2, headroom: 1 });
    const enter = () => {
      const guest = new Guest(seats);
      seats.enter(guest);
      return guest;
    };
    return { seats, enter };
  };

  it('are given up by who has been in no room for longest', () => {
    const { seats, enter } = open();
    const [student, ...idle] = [enter(), enter(), enter()];
    seats.sit(student);
    const late = enter();
    expect([student, ...idle, late].map(({ isGone }) => isGone)).toEqual([false, true, false, false]);
  });

  it('are full when rooms have taken them, and free again when someone leaves', () => {
    const { seats, enter } = open();
    const students = [enter(), enter()] as const;
    seats.sit(students[0]);
    expect(seats.isFull).toBe(false);
    seats.sit(students[1]);
    expect(seats.isFull).toBe(true);
    students[0].close();
    expect(seats.isFull).toBe(false);
  });

  it('are kept by nobody who has left the room and stays connected', () => {
    const { seats, enter } = open();
    const [first, second, third] = [enter(), enter(), enter()];
    for (const each of [first, second]) seats.sit(each);
    seats.stand(first);
    expect(seats.isFull).toBe(false);
    for (let more = 0; more < 2; more += 1) enter();
    expect([first, second, third].map(({ isGone }) => isGone)).toEqual([true, false, true]);
  });

  it('count nobody twice, and nobody who has gone', () => {
    const { seats, enter } = open();
    const student = enter();
    for (let time = 0; time < 3; time += 1) seats.sit(student);
    student.close();
    seats.sit(student);
    seats.stand(student);
    const others = [enter(), enter(), enter()];
    expect(others.some(({ isGone }) => isGone)).toBe(false);
  });
});

class Guest {
  readonly #seats: ConnectionLimiter<Guest>;
  isGone = false;

  constructor(seats: ConnectionLimiter<Guest>) {
    this.#seats = seats;
  }

  close(): void {
    this.isGone = true;
    this.#seats.leave(this);
  }
}
