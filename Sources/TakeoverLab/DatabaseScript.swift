// The script on each node of a database pair: who becomes the primary, who stops being it, and how
// somebody who was away comes back.

enum DatabaseScript {
  /// The pair begins with one primary, the first node; the other one copies it. Whoever is promoted
  /// stops the old primary first, over the management network, for as long as it answers there. One
  /// that does not is not fenced: it may be dead, or cut off, and two nodes cannot tell these apart.
  /// When it comes back, it asks before its database begins, and follows. Nobody is demoted but for
  /// another primary.
  ///
  /// A synchronous primary that has just been promoted waits for no standby, for there is none; the
  /// first that follows it has it wait again. One whose standby dies waits for that: to go on alone
  /// would be to acknowledge what the other one, promoted, does not have.
  static let text = """
    #!/bin/sh
    . /etc/takeover/database
    programs=\(PostgreSQL.programs)
    data=\(PostgreSQL.data)
    # On a disk that has been part of the pair, and on one whose owner was told to stop.
    begun=/var/lib/postgresql/begun
    stopped=/var/lib/postgresql/stopped

    log() { echo "$(date +%T.%3N) $*" >>/var/log/takeover-database.log; }
    own() { "$programs/psql" -AtXqU postgres -c "$1" 2>/dev/null; }
    other() { timeout 3 "$programs/psql" -AtXqU postgres -h "$peer" -c "$1" 2>/dev/null; }
    postgres() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }

    # One of: standby, primary, none. Who begins counts as none.
    standing() {
      case $("$1" 'select pg_is_in_recovery()') in
        t) echo standby ;;
        f) echo primary ;;
        *) echo none ;;
      esac
    }

    copy() {
      log "copying $peer"
      find "$data" -mindepth 1 -delete
      postgres "$programs/pg_basebackup" -h "$peer" -U postgres -D "$data" -X stream -c fast \\
        2>>/var/log/takeover-database.log
    }

    rewind() {
      log "rewinding to $peer"
      postgres "$programs/pg_rewind" --target-pgdata="$data" \\
        --config-file=/etc/takeover/postgresql.conf \\
        --source-server="host=$peer user=postgres dbname=postgres" \\
        >>/var/log/takeover-database.log 2>&1
    }

    follow() {
      if [ ! -e "$begun" ] || ! rewind; then
        until copy; do sleep 0.5; done
      fi
      postgres touch "$data/standby.signal"
      rm -f "$stopped"
      log "following $peer"
    }

    # Before the server begins: as what. It waits for somebody to follow rather than begin with an
    # empty disk, or with rows that the other one may not have.
    prepare() {
      if [ "$fencing" = false ] && [ -e "$begun" ]; then return; fi
      while :; do
        case $(standing other) in
          primary) follow; break ;;
          standby) [ ! -e "$begun" ] || [ -e "$stopped" ] || break ;;
          none)
            if [ -e "$begun" ]; then
              [ -e "$stopped" ] || break
            elif [ "$name" = "$first" ]; then
              break
            fi ;;
        esac
        sleep 0.2
      done
      touch "$begun"
    }

    # When the server has begun: a standby that streams has the primary wait for it again.
    attach() {
      [ -e "$data/standby.signal" ] || return 0
      tries=0
      until [ "$(own "select status from pg_stat_wal_receiver")" = streaming ]; do
        tries=$((tries + 1))
        [ "$tries" -le 100 ] || { log "nobody to follow"; return 0; }
        sleep 0.1
      done
      [ "$replication" = synchronous ] || return 0
      other 'alter system reset synchronous_standby_names' && other 'select pg_reload_conf()' >/dev/null
      log "the primary waits for this standby"
    }

    stop_peer() {
      timeout 5 ssh -i /etc/takeover/fence -o BatchMode=yes -o ConnectTimeout=1 \\
        -o UserKnownHostsFile=/etc/takeover/known_hosts -o StrictHostKeyChecking=yes \\
        "root@$reach" stop 2>>/var/log/takeover-database.log
    }

    promote() {
      tries=0
      until standing=$(standing own) && [ "$standing" != none ]; do
        tries=$((tries + 1))
        [ "$tries" -le 300 ] || { log "no server to promote"; return 1; }
        sleep 0.1
      done
      [ "$standing" = standby ] || return 0
      [ "$delay" = 0 ] || sleep "$delay"
      if [ "$fencing" = true ]; then
        if stop_peer; then log "the old primary is stopped"; else log "the old primary does not answer"; fi
      fi
      if [ "$replication" = synchronous ]; then
        own "alter system set synchronous_standby_names = ''"
        own 'select pg_reload_conf()' >/dev/null
      fi
      own 'select pg_promote()' >/dev/null
      log "promoted"
      # What rewinds to this server looks for its history in the last checkpoint.
      own checkpoint
    }

    demote() {
      [ "$fencing" = true ] && [ "$(standing own)" = primary ] || return 0
      [ "$(standing other)" = primary ] || return 0
      log "another primary is there"
      systemctl restart --no-block \(PostgreSQL.service)
    }

    # What the peer's key may have done here: the server ends, and waits for somebody to follow. One that
    # somebody else has stopped stays so.
    fence() {
      log "told to stop"
      touch "$stopped"
      was=$(systemctl is-active \(PostgreSQL.service))
      systemctl stop \(PostgreSQL.service)
      case $was in
        active | activating | reloading) systemctl start --no-block \(PostgreSQL.service) ;;
      esac
    }

    case $1 in
      promote | demote) exec 9>/run/takeover-database.lock && flock 9 ;;
    esac
    case $1 in
      prepare | attach | promote | demote | fence) "$1" ;;
      *) echo "usage: $0 prepare|attach|promote|demote|fence" >&2; exit 64 ;;
    esac

    """
}
