// The peer: express and ussd-menu-builder, a learner's session in Redis, each answer recorded durably in PostgreSQL.
// A menu object for each request: one shared among them, as the package's samples have it, mixes up callers.
const express = require('express')
const UssdMenu = require('ussd-menu-builder')
const { createClient } = require('redis')
const { Pool } = require('pg')

const questions = JSON.parse(process.env.PEER_QUESTIONS)
const redis = createClient({ url: process.env.PEER_REDIS })
const pool = new Pool({ connectionString: process.env.PEER_POSTGRESQL, max: 16 })

async function record(session, phone, at, typed) {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('INSERT INTO hops (session, text) VALUES ($1, $2)', [session, typed])
    await client.query('INSERT INTO answers (phone, item, typed) VALUES ($1, $2, $3)', [phone, at, typed])
    await client.query('COMMIT')
  } finally {
    client.release()
  }
}

function menuFor() {
  const menu = new UssdMenu()
  menu.sessionConfig({
    start: (id) => redis.hSet(`s:${id}`, 'begun', '1'),
    end: (id) => redis.del(`s:${id}`),
    set: (id, key, value) => redis.hSet(`s:${id}`, key, value),
    get: (id, key) => redis.hGet(`s:${id}`, key)
  })
  const say = (at) => (at < questions.length ? menu.con(questions[at]) : menu.end('Selesai'))
  menu.startState({ run: () => menu.con('Kuis'), next: { '*.*': 'q0' } })
  questions.concat(['']).forEach((_, at) => {
    menu.state(`q${at}`, {
      run: async () => {
        if (at > 0) {
          await record(menu.args.sessionId, menu.args.phoneNumber, at, menu.val)
          const right = Number((await menu.session.get('right')) || 0)
          await menu.session.set('right', String(right + 1))
        }
        say(at)
      },
      next: at < questions.length ? { '*.*': `q${at + 1}` } : {}
    })
  })
  return menu
}

async function main() {
  await redis.connect()
  await pool.query('CREATE TABLE IF NOT EXISTS hops (id bigserial PRIMARY KEY, session text, text text)')
  await pool.query('CREATE TABLE IF NOT EXISTS answers (id bigserial PRIMARY KEY, phone text, item int, typed text)')
  const app = express()
  app.use(express.urlencoded({ extended: false }))
  app.get('/bare', (request, response) => response.send('good'))
  app.post('/ussd', (request, response) => {
    menuFor().run(request.body, (said) => response.type('text/plain').send(said))
  })
  app.listen(Number(process.env.PORT), '127.0.0.1')
}

main()
