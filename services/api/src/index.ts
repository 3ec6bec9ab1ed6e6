export { type AppOptions, buildApp } from './app.ts'
export { setupLink } from './access/setup.ts'
export { createToken } from './access/tokens.ts'
export { startApi } from './server.ts'
