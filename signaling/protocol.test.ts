import { expect, it } from 'vitest';
import { renderProtocol } from './testing/renderProtocol.ts';

it('PROTOCOL.md says what the tables say (mend it with: npx vitest run signaling/protocol -u)', async () => {
  await expect(renderProtocol()).toMatchFileSnapshot('./PROTOCOL.md');
});
