import { ruleFacts } from '@ruadar/alerts'
import { AlertRule, AlertRuleChange, AlertRuleName, Mute, MuteRequest } from '@ruadar/contract'
import { Type } from 'typebox'
import { recordedName } from '../access/caller.ts'
import type { App, Context } from '../context.ts'
import { callerOf } from '../plugins/authenticate.ts'
import { problems } from '../plugins/openapi.ts'
import { notFound, ProblemError } from '../problem.ts'
import { changeAlertRule, listAlertRules } from '../queries/alert-rules.ts'
import { addMute, deleteMute, listMutes } from '../queries/mutes.ts'
import { nothing, smallIdParams } from './schemas.ts'

export function addAlertRuleRoutes(app: App, { database: { db } }: Context): void {
  const tags = ['alerts']

  app.get(
    '/alert-rules',
    {
      schema: {
        tags,
        operationId: 'listAlertRules',
        summary: 'Rules that raise alerts, with their settings',
        response: { 200: Type.Object({ items: Type.Array(AlertRule) }), ...problems },
      },
    },
    async () => ({ items: await listAlertRules(db) }),
  )

  app.put(
    '/alert-rules/:rule',
    {
      schema: {
        tags,
        operationId: 'changeAlertRule',
        summary: 'Switch a rule and set its numbers',
        description: 'Settings that are left out take their defaults. All domains are judged anew in the background.',
        params: Type.Object({ rule: AlertRuleName }),
        body: AlertRuleChange,
        response: { 200: Type.Object({ items: Type.Array(AlertRule) }), ...problems },
      },
    },
    async (request) => {
      const { rule } = request.params
      const { settings } = request.body
      const errors = Object.entries(settings).flatMap(([name, value]) => {
        const definition = ruleFacts[rule].settings[name]
        if (!definition) return [{ path: `/body/settings/${name}`, message: 'is no setting of this rule' }]
        const { minimum, maximum } = definition
        return value >= minimum && value <= maximum
          ? []
          : [{ path: `/body/settings/${name}`, message: `must be from ${minimum} to ${maximum}` }]
      })
      if (errors.length > 0) throw new ProblemError(400, 'bad_settings', 'The settings of the rule are wrong.', { errors })
      await changeAlertRule(db, rule, request.body)
      return { items: await listAlertRules(db) }
    },
  )

  app.get(
    '/mutes',
    {
      schema: {
        tags,
        operationId: 'listMutes',
        summary: 'What raises no alerts',
        response: { 200: Type.Object({ items: Type.Array(Mute) }), ...problems },
      },
    },
    async () => ({ items: await listMutes(db) }),
  )

  app.post(
    '/mutes',
    {
      schema: {
        tags,
        operationId: 'addMute',
        summary: 'Mute a rule, a domain, a sender, or a combination',
        description: 'Alerts that it covers are closed.',
        body: MuteRequest,
        response: { 201: Type.Object({ items: Type.Array(Mute) }), ...problems },
      },
    },
    async (request, reply) => {
      const { rule, domain, senderId } = request.body
      if (rule === undefined && domain === undefined && senderId === undefined) {
        throw new ProblemError(400, 'bad_mute', 'Name a rule, a domain or a sender.')
      }
      if ((await addMute(db, request.body, recordedName(callerOf(request)))) === null) throw notFound('such domain or sender')
      return reply.code(201).send({ items: await listMutes(db) })
    },
  )

  app.delete(
    '/mutes/:id',
    {
      schema: {
        tags,
        operationId: 'deleteMute',
        summary: 'End a mute',
        params: smallIdParams,
        response: { ...nothing, ...problems },
      },
    },
    async (request, reply) => {
      if (!(await deleteMute(db, request.params.id))) throw notFound('such mute')
      return reply.code(204).send(null)
    },
  )
}
