// The lab's switch as a cloud subnet: what takeover-fabric is told, how it is started, and the control
// plane's way through TLS.

internal import FoundationEssentials
package import TakeoverModel

extension LabLayout {
  /// What a client of the control plane needs to know.
  package struct Endpoint: Hashable, Sendable {
    /// With `https://` the vendor's clients, with `http://` whoever cannot do TLS.
    package var address: String
    /// The certificate that says who answers there.
    package var authority: String
    /// The network namespace from which it is reached, beside the nodes.
    package var namespace: String
    package var decisions: String
  }

  /// No secret: whoever can reach a lab's control plane is root on its machine.
  package static let credential = FabricDescription.Credential(
    secretID: "takeover", secretKey: "takeover-lab", region: "ap-lab")

  /// nil: the switch is a switch.
  package var endpoint: Endpoint? {
    guard description.fabric != nil else { return nil }
    return Endpoint(
      address: "https://\(controlAddress)/", authority: folder + "/authority.pem",
      namespace: fabric, decisions: folder + "/fabric.jsonl")
  }

  /// The id and the key, in a file as the vendor's command-line client has one.
  var credentials: String { folder + "/credential" }

  /// The virtual addresses that are HAVIPs, in order.
  package var havips: [IPAddress] {
    guard let fabric = description.fabric else { return [] }
    let owned = fabric.owned.map(\.address)
    return fabric.havips
      ?? description.addresses.map(\.address).filter { $0.isV4 && !owned.contains($0) }
  }

  /// Where the control plane answers: the management bridge's own address.
  var controlAddress: IPAddress { .v4(network | 1) }

  /// The cgroup of the switch's processes; no machine can be called so.
  var fabricGroup: String { group + "/fabric.processes" }

  /// What takeover-fabric is started with.
  var fabricDescription: FabricDescription? {
    guard let fabric = description.fabric, let first = members.first?.cables.first else {
      return nil
    }
    return FabricDescription(
      subnet: SubnetDescription(
        address: first.address, prefix: first.prefix,
        members: machines.map {
          SubnetDescription.Member(
            node: $0.name, port: $0.cables[0].port, hardware: $0.cables[0].mac,
            address: $0.cables[0].address)
        },
        havips: havips, associated: fabric.associated, owned: fabric.owned,
        lag: fabric.lag.nanoseconds, announcementsPerSecond: fabric.announcementsPerSecond),
      endpoint: controlAddress, tools: tools.path(in: folders),
      decisions: folder + "/fabric.jsonl", credential: Self.credential)
  }

  /// Starts the switch's processes: takeover-fabric, and haproxy, which ends TLS for it. Both are in a
  /// cgroup of the lab's and go with it. Returns when both listen.
  func serveFabric() -> Command? {
    guard let fabricDescription else { return nil }
    let key = Self.credential
    let script =
      Booting.hierarchy + "\n" + """
        set -eu
        folder=$1 fabric=$2 image=$3 program=$4 group=$(hierarchy)/$5 closing=$6
        mkdir -p "$group" "$folder/tls"
        umask 077
        printf %s "$7" >"$folder/fabric.json"
        printf %s "$8" >"$folder/tls/openssl.cnf"
        printf %s "$9" >"$folder/tls/haproxy.cfg"
        printf %s "${10}" >"${11}"
        start() {
          (
            cd /
            echo 0 >"$group/cgroup.procs"
            exec setsid bash -c "$closing" takeover nsenter --net="$fabric" "$@" </dev/null
          ) >"$folder/$log.log" 2>&1 &
          echo $! >"$folder/$log.pid"
        }
        inside() { unshare --mount sh -c "$inside" takeover "$folder/tls" "$image" "$@"; }
        inside='mount --bind "$1" "${2%/}/mnt" && shift && exec chroot "$@"'
        log=fabric; start "$program" "$folder/fabric.json"
        inside sh -euc '
          cd /mnt
          new="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -config openssl.cnf"
          openssl req -x509 $new -days 3650 -keyout authority.key -out authority.pem
          openssl req -new $new -subj /CN=takeover-fabric -keyout server.key -out server.csr
          openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -set_serial 1 \\
            -days 800 -extfile openssl.cnf -extensions server -out server.crt
          cat server.crt server.key >server.pem
          rm authority.key server.key server.csr
        ' >"$folder/tls.log" 2>&1 || { cat "$folder/tls.log" >&2; exit 1; }
        install -m 644 "$folder/tls/authority.pem" "$folder/authority.pem"
        log=proxy; start unshare --mount sh -c "$inside" takeover "$folder/tls" "$image" \\
          haproxy -db -f /mnt/haproxy.cfg
        for wanted in fabric:0050 proxy:01BB; do
          log=${wanted%:*} tries=0
          read -r pid <"$folder/$log.pid"
          until grep -q ":${wanted#*:} 0*:0000 0A" "/proc/$pid/net/tcp" 2>/dev/null; do
            tries=$((tries + 1))
            if [ "$tries" -gt 500 ] || [ ! -e "/proc/$pid/exe" ]; then
              tail -n 20 "$folder/$log.log" >&2
              exit 1
            fi
            sleep 0.01
          done
        done
        """
    return .script(
      script,
      [
        folder, fabric, tools.path(in: folders), folders.fabricProgram, fabricGroup,
        Booting.closing, Self.json(fabricDescription), certificates, proxyConfiguration,
        #"{"secretId": "\#(key.secretID)", "secretKey": "\#(key.secretKey)"}"# + "\n", credentials,
      ])
  }

  private static func json(_ description: FabricDescription) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let bytes = try? encoder.encode(description)
    return bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// openssl.cnf(5): an authority of the lab's own, and what it signs. Nothing else has its key.
  private var certificates: String {
    """
    [req]
    distinguished_name = name
    prompt = no
    x509_extensions = authority
    [name]
    O = takeover
    CN = lab \(description.name)
    [authority]
    basicConstraints = critical, CA:TRUE
    keyUsage = critical, keyCertSign
    subjectKeyIdentifier = hash
    [server]
    basicConstraints = critical, CA:FALSE
    extendedKeyUsage = serverAuth
    subjectAltName = IP:\(controlAddress)
    subjectKeyIdentifier = hash
    authorityKeyIdentifier = keyid

    """
  }

  private var proxyConfiguration: String {
    """
    global
        maxconn 200
    defaults
        mode http
        timeout connect 1s
        timeout client 30s
        timeout server 30s
    frontend control
        bind \(controlAddress):443 ssl crt /mnt/server.pem
        default_backend plane
    backend plane
        server fabric \(controlAddress):80

    """
  }
}
