"""Speaks to a lab's cloud subnet as the vendor's own clients do: the SDK for Python and the command line
client, unchanged, from the Python package index.

Run inside the lab's fabric namespace. Arguments: host authority.pem command-that-fails-the-holder-over...
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import certifi
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.vpc.v20170312 import models, vpc_client

host, authority, *failover = sys.argv[1:]
identity, key, region = "takeover", "takeover-lab", "ap-lab"


def client(secret_id=identity, secret_key=key, protocol="https"):
    http = HttpProfile(protocol=protocol, endpoint=host, reqTimeout=5, certification=authority)
    return vpc_client.VpcClient(
        credential.Credential(secret_id, secret_key), region, ClientProfile(httpProfile=http))


def request(kind, **parameters):
    wanted = getattr(models, f"{kind}Request")()
    wanted.from_json_string(json.dumps(parameters))
    return wanted


def ask(kind, by=None, **parameters):
    return getattr(by or client(), kind)(request(kind, **parameters))


def refused(code, kind, by=None, **parameters):
    try:
        ask(kind, by, **parameters)
    except TencentCloudSDKException as error:
        assert error.get_code() == code, (kind, error)
        assert error.get_request_id(), error
        return
    raise AssertionError(f"{kind} {parameters} was not refused with {code}")


def holder(wanted, seconds=30):
    """The first HAVIP, as soon as it is bound to an instance of `wanted`."""
    deadline = time.monotonic() + seconds
    while True:
        havip = ask("DescribeHaVips", HaVipIds=["havip-lab1"]).HaVipSet[0]
        if havip.State == "AVAILABLE" and havip.InstanceId in wanted:
            return havip
        assert time.monotonic() < deadline, f"{havip} is not at one of {wanted}"
        time.sleep(0.1)


# It is made, described, renamed and deleted; also without TLS.
made = ask(
    "CreateHaVip", VpcId="vpc-lab", SubnetId="subnet-lab", HaVipName="ci", Vip="172.17.16.40",
    CheckAssociate=True).HaVip
assert made.Vip == "172.17.16.40" and made.State == "UNBIND" and made.HaVipAssociationSet == []
association = [{"HaVipId": made.HaVipId, "InstanceId": "ins-a", "InstanceType": "CVM"}]
ask("AssociateHaVipInstance", HaVipAssociationSet=association)
ask("ModifyHaVipAttribute", HaVipId=made.HaVipId, HaVipName="renamed")
found = ask("DescribeHaVips", client(protocol="http"), Filters=[{"Name": "vip", "Values": [made.Vip]}])
assert found.TotalCount == 1 and found.HaVipSet[0].HaVipName == "renamed"
assert [one.InstanceId for one in found.HaVipSet[0].HaVipAssociationSet] == ["ins-a"]
ask("DisassociateHaVipInstance", HaVipAssociationSet=association)

# What is refused has the API's codes.
refused("AuthFailure.SignatureFailure", "DescribeHaVips", client(secret_key="wrong"))
refused("AuthFailure.SecretIdNotFound", "DescribeHaVips", client(secret_id="nobody"))
refused("ResourceNotFound", "DescribeHaVips", HaVipIds=["havip-nothere"])
refused("ResourceInUse", "CreateHaVip", VpcId="vpc-lab", HaVipName="ci", Vip="172.17.16.3")
refused("InvalidParameterValue.Range", "CreateHaVip", VpcId="vpc-lab", HaVipName="ci", Vip="10.0.0.1")
refused("UnsupportedOperation", "MigratePrivateIpAddress", SourceNetworkInterfaceId="eni-a",
        DestinationNetworkInterfaceId="eni-b", PrivateIpAddress="172.17.16.3")

# The command line client trusts what certifi's file has.
trusted, theirs = Path(certifi.where()), Path(authority).read_text()
before = trusted.read_text()
trusted.write_text(before + theirs)
try:
    told = subprocess.run(
        [str(Path(sys.executable).with_name("tccli")), "vpc", "DeleteHaVip", "--HaVipId", made.HaVipId,
         "--region", region, "--endpoint", host, "--secretId", identity, "--secretKey", key],
        capture_output=True, text=True, timeout=60)
finally:
    trusted.write_text(before)
assert told.returncode == 0 and json.loads(told.stdout)["RequestId"], told
refused("ResourceNotFound", "DescribeHaVips", HaVipIds=[made.HaVipId])

# The binding follows the pair.
first = holder({"ins-a", "ins-b"})
time.sleep(1.1)  # FlushedTime has whole seconds.
subprocess.run(failover + [first.InstanceId.removeprefix("ins-")], check=True, timeout=30)
second = holder({"ins-a", "ins-b"} - {first.InstanceId})
assert second.FlushedTime > first.FlushedTime, (first.FlushedTime, second.FlushedTime)
assert second.NetworkInterfaceId == second.InstanceId.replace("ins-", "eni-")
print(f"{host}: InstanceId went from {first.InstanceId} to {second.InstanceId}, seen by the vendor's SDK; "
      "its command line client deleted a HAVIP")
