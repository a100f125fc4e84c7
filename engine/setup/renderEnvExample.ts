import * as z from 'zod';

interface Setting {
  type?: string;
  enum?: unknown[];
  default?: string | number | boolean;
  description?: string;
}

const head = `# Every setting of Lectern. Copy the lines you change into a file named .env beside this one, or set them in the environment.
# Each line shows the default; a setting without a value is unset. This file is generated: npx vitest run main.test -u
`;

/** The text of `.env.example` for a schema of settings: each with its description, its values and its default. */
export function renderEnvExample(schema: z.ZodType): string {
  const { properties } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as { properties: Record<string, Setting> };
  const blocks = Object.entries(properties).map(([name, { description = '', enum: choices, default: byDefault }]) => {
    const takes = choices && !choices.every((choice) => description.includes(String(choice))) ? ` (${choices.map(String).join(' | ')})` : '';
    return `# ${description}${takes}\n#${name}=${byDefault === undefined ? '' : String(byDefault)}\n`;
  });
  return [head, ...blocks].join('\n');
}
