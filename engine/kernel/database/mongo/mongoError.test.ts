import { MongoBulkWriteError, MongoNetworkError, MongoServerError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { mongoError } from './mongoError.ts';

const serverError = (fields: Record<string, unknown>) => new MongoServerError({ message: 'refused', ...fields });

describe('An error of MongoDB', () => {
  it.each([
    [{ code: 11000, keyPattern: { email: 1 } }, 'email_1'],
    [{ code: 11000, keyPattern: { courseId: 1, position: -1 } }, 'courseId_1_position_-1'],
    [{ code: 11000, keyPattern: { _id: 1 } }, '_id_'],
    [{ code: 11000, message: 'E11000 duplicate key error collection: lectern.users index: email_1 dup key: { email: "a" }' }, 'email_1'],
    [{ code: 11000, message: 'E11000 duplicate key error collection: lectern.users index: lectern.users.$email_1 dup key' }, 'email_1'],
  ])('for a duplicate key names the index: %j', (fields, index) => {
    expect(mongoError(serverError(fields), 'users')).toMatchObject({ name: 'DuplicateKeyError', collection: 'users', index });
  });

  it('for a duplicate key among many documents names the index of the first', () => {
    const writeError = { code: 11000, errmsg: 'E11000 duplicate key', err: { keyPattern: { email: 1 } } };
    const error = new MongoBulkWriteError({ message: 'E11000', code: 11000, writeErrors: [writeError] as never }, {} as never);
    expect(mongoError(error, 'users')).toMatchObject({ name: 'DuplicateKeyError', index: 'email_1' });
  });

  it.each([
    [10334, 'request.tooLarge'],
    [17419, 'request.tooLarge'],
    [14031, 'disk.full'],
    [10107, 'database.unavailable'],
    [11600, 'database.unavailable'],
    [64, 'database.unavailable'],
    [18, 'database.unavailable'],
  ])('with the code %i is %s', (code, expected) => {
    expect(mongoError(serverError({ code }), 'users')).toMatchObject({ name: 'CodedError', code: expected });
  });

  it('of the network is database.unavailable, also when its label says that it can be retried', () => {
    expect(mongoError(new MongoNetworkError('reset'), 'users')).toMatchObject({ code: 'database.unavailable' });
    expect(mongoError(serverError({ code: 1, errorLabels: ['RetryableWriteError'] }), 'users')).toMatchObject({ code: 'database.unavailable' });
  });

  it('for an update that does not fit the document is a TypeError', () => {
    expect(mongoError(serverError({ code: 14, message: 'Cannot apply $inc to a value of non-numeric type' }), 'users')).toBeInstanceOf(TypeError);
  });

  it('that is not known stays as it is', () => {
    const error = serverError({ code: 1 });
    expect(mongoError(error, 'users')).toBe(error);
    const bug = new Error('a bug');
    expect(mongoError(bug, 'users')).toBe(bug);
  });
});
