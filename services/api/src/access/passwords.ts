import { hash, verify } from '@node-rs/argon2'

// argon2id with 19 MiB, two passes and one lane, as the OWASP password storage cheat sheet asks as a minimum.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

export function hashPassword(password: string): Promise<string> {
  return hash(password, cost)
}

// A hash of nobody's password: a name that does not exist must take as long as one that does.
const nobody = hash(crypto.randomUUID(), cost)

/** Whether the password is right. Without a hash (no such user) it takes the same time and the answer is no. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const right = await verify(passwordHash ?? (await nobody), password)
  return right && passwordHash !== null
}
