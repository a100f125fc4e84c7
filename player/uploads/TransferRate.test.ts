import { expect, it } from 'vitest';
import { TransferRate } from './TransferRate.ts';

it('is unknown at first', () => {
  const rate = new TransferRate();
  rate.add(0, 0);
  rate.add(1000, 1000);
  expect(rate.bytesPerSecond()).toBeUndefined();
  expect(rate.secondsFor(10)).toBeUndefined();
});

it('is the speed of a steady transfer', () => {
  const rate = new TransferRate();
  for (let second = 0; second <= 10; second += 1) rate.add(second * 1000, second * 2000);
  expect(rate.bytesPerSecond()).toBeCloseTo(2000);
  expect(rate.secondsFor(6000)).toBeCloseTo(3);
});

it('follows a change within seconds, without jumping', () => {
  const rate = new TransferRate();
  let bytes = 0;
  for (let second = 0; second <= 20; second += 1) rate.add(second * 1000, (bytes += 1000));
  rate.add(21_000, (bytes += 5000));
  expect(rate.bytesPerSecond()).toBeLessThan(2000);
  for (let second = 22; second <= 60; second += 1) rate.add(second * 1000, (bytes += 5000));
  expect(rate.bytesPerSecond()).toBeGreaterThan(4900);
});

it('begins again when bytes have to be sent again', () => {
  const rate = new TransferRate();
  for (let second = 0; second <= 5; second += 1) rate.add(second * 1000, second * 9000);
  rate.add(6000, 10_000);
  expect(rate.bytesPerSecond()).toBeUndefined();
});
