import { createApiClient } from '#api/contract';
import type { ApiClient } from '#api/contract';

export interface Credentials {
  email: string;
  password: string;
  displayName: string;
}

/** A user with an account, who uses the API like a page does. */
export class Person {
  readonly credentials: Credentials;
  readonly api: ApiClient;
  #accessToken: string | undefined;

  private constructor(baseUrl: string, credentials: Credentials) {
    this.credentials = credentials;
    this.api = createApiClient({
      baseUrl,
      fetch: globalThis.fetch,
      getAccessToken: () => this.#accessToken,
      onUnauthorized: async () => {
        await this.logIn();
        return true;
      },
    });
  }

  get accessToken(): string | undefined {
    return this.#accessToken;
  }

  /** Creates the first account of a new server. */
  static async first(baseUrl: string, token: string, credentials: Credentials): Promise<Person> {
    const person = new Person(baseUrl, credentials);
    person.#accessToken = (await person.api.completeSetup({ body: { ...credentials, token } })).accessToken;
    return person;
  }

  static async signUp(baseUrl: string, credentials: Credentials): Promise<Person> {
    const person = new Person(baseUrl, credentials);
    person.#accessToken = (await person.api.signup({ body: credentials })).accessToken;
    return person;
  }

  static async signIn(baseUrl: string, credentials: Credentials): Promise<Person> {
    const person = new Person(baseUrl, credentials);
    await person.logIn();
    return person;
  }

  async logIn(): Promise<void> {
    const { email, password } = this.credentials;
    this.#accessToken = (await this.api.login({ body: { email, password } })).accessToken;
  }
}
