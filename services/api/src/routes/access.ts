import { AccountRequest, LoginRequest, Me, PasswordRequest, SetupRequest, SetupState } from '@ruadar/contract'
import type { Guard } from '../access/attempts.ts'
import { hashPassword, verifyPassword } from '../access/passwords.ts'
import { endOtherSessions, endSession, startSession } from '../access/sessions.ts'
import { createAdministrator } from '../access/setup.ts'
import { findUser, setPassword, setSeesAddresses, userExists } from '../access/users.ts'
import type { App, Context } from '../context.ts'
import { callerOf, personOf } from '../plugins/authenticate.ts'
import { noSecurity, problems } from '../plugins/openapi.ts'
import { clearSessionCookie, setSessionCookie } from '../plugins/session-cookie.ts'
import { ProblemError } from '../problem.ts'
import { nothing } from './schemas.ts'

export function addAccessRoutes(app: App, { database: { db }, settings }: Context, guard: Guard): void {
  const tags = ['access']

  app.get(
    '/me',
    { schema: { tags, operationId: 'getMe', summary: 'Who is asking', response: { 200: Me, ...problems } } },
    async (request) => {
      const { name, via, seesAddresses } = callerOf(request)
      return { name, via, seesAddresses }
    },
  )

  app.get(
    '/setup',
    {
      config: { access: 'anyone' },
      schema: {
        tags,
        operationId: 'getSetup',
        summary: 'Whether an administrator has to be made',
        security: noSecurity,
        response: { 200: SetupState, ...problems },
      },
    },
    async () => ({ needed: !(await userExists(db)) }),
  )

  app.post(
    '/setup',
    {
      config: { access: 'anyone' },
      schema: {
        tags,
        operationId: 'setUp',
        summary: 'Make the administrator, once',
        description: 'With the secret from the link on the console. Signs in: the answer sets the session cookie.',
        security: noSecurity,
        body: SetupRequest,
        response: { 201: Me, ...problems },
      },
    },
    async (request, reply) => {
      const { secret, name, password } = request.body
      const userId = await guard(request, async () => {
        const outcome = await createAdministrator(db, { secret, name, passwordHash: await hashPassword(password) })
        if (outcome === 'done_before') throw new ProblemError(409, 'setup_done', 'There is an administrator already. Sign in.')
        return outcome === 'wrong_secret' ? null : outcome.userId
      })
      if (userId === null)
        throw new ProblemError(403, 'setup_secret_wrong', 'This setup link is not valid. Restart Ruadar and open the link that it prints.')
      setSessionCookie(reply, settings, await startSession(db, userId))
      return reply.code(201).send({ name, via: 'session', seesAddresses: false })
    },
  )

  app.post(
    '/session',
    {
      config: { access: 'anyone' },
      schema: {
        tags,
        operationId: 'signIn',
        summary: 'Sign in',
        description: 'Sets the session cookie, which is good for 30 days after its last use.',
        security: noSecurity,
        body: LoginRequest,
        response: { 200: Me, ...problems },
      },
    },
    async (request, reply) => {
      const user = await guard(request, async () => {
        const found = await findUser(db, request.body.name)
        return (await verifyPassword(found?.passwordHash ?? null, request.body.password)) ? found : null
      })
      if (!user) throw new ProblemError(401, 'wrong_login', 'Name or password is wrong.')
      setSessionCookie(reply, settings, await startSession(db, user.id))
      return { name: user.name, via: 'session' as const, seesAddresses: user.seesAddresses }
    },
  )

  app.delete(
    '/session',
    {
      config: { access: 'person' },
      schema: { tags, operationId: 'signOut', summary: 'Sign out', response: { ...nothing, ...problems } },
    },
    async (request, reply) => {
      await endSession(db, personOf(request).sessionHash)
      clearSessionCookie(reply, settings)
      return reply.code(204).send(null)
    },
  )

  app.patch(
    '/account',
    {
      config: { access: 'person' },
      schema: {
        tags,
        operationId: 'changeAccount',
        summary: 'Switch whether recipients of other people’s mail are shown',
        description: 'For the own account; tokens get it when they are made. The switch is logged.',
        body: AccountRequest,
        response: { 200: Me, ...problems },
      },
    },
    async (request) => {
      const person = personOf(request)
      const { seesAddresses } = request.body
      await setSeesAddresses(db, person.userId, seesAddresses)
      request.log.info({ user: person.name, seesAddresses }, 'who may see recipients was changed')
      return { name: person.name, via: 'session' as const, seesAddresses }
    },
  )

  app.post(
    '/password',
    {
      config: { access: 'person' },
      schema: {
        tags,
        operationId: 'changePassword',
        summary: 'Change the own password',
        description: 'Ends all other sessions of the person.',
        body: PasswordRequest,
        response: { ...nothing, ...problems },
      },
    },
    async (request, reply) => {
      const person = personOf(request)
      const user = await guard(request, async () => {
        const found = await findUser(db, person.name)
        return (await verifyPassword(found?.passwordHash ?? null, request.body.current)) ? found : null
      })
      if (!user) throw new ProblemError(403, 'wrong_password', 'The current password is wrong.')
      await setPassword(db, user.id, await hashPassword(request.body.next))
      await endOtherSessions(db, user.id, person.sessionHash)
      return reply.code(204).send(null)
    },
  )
}
