"""Writing down what an endpoint was asked, and what it answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from sagemaker_model.hosting.hosting import BoundHosting
from sagemaker_model.hosting.limits import check_between
from sagemaker_model.hosting.s3_folder import S3Folder, make_bucket

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms


@dataclass(frozen=True, slots=True, kw_only=True)
class DataCapture:
    """Write requests and answers to S3, as lines of JSON.

    The role may write below the one folder. Whatever is captured may be personal data: give a
    key, and delete what you don't need. Limits are those of ``DataCaptureConfig`` in the
    SageMaker API reference.

    Args:
        path: Where to, as ``s3://bucket/folder``. Default: a bucket made for it, which stays when
            the stack is deleted.
        sampling_percentage: How many of the requests are captured, 0 to 100 percent.
            Default: all.
        requests: Whether what was asked is captured. Default: it is.
        responses: Whether what was answered is. Default: it is.
        encryption_key: Key that the files are encrypted with. Default: the bucket's own.
        csv_content_types: Content types that are captured as text in CSV. Default: SageMaker
            encodes them in Base64.
        json_content_types: Content types that are captured as JSON, such as
            ``["application/json"]``. Default: SageMaker encodes them in Base64.

    Raises:
        TypeError: *sampling_percentage* is no whole number.
        ValueError: It is out of range, *path* is no S3 URI, or nothing is to be captured.
    """

    path: str | None = None
    sampling_percentage: int = 100
    requests: bool = True
    responses: bool = True
    encryption_key: kms.IKey | None = None
    csv_content_types: Sequence[str] = ()
    json_content_types: Sequence[str] = ()

    def __post_init__(self) -> None:
        check_between("sampling_percentage", self.sampling_percentage, 0, 100, "percent")
        if not (self.requests or self.responses):
            raise ValueError(
                "requests=False and responses=False leave nothing to capture; keep one of them, "
                "or leave data_capture out"
            )
        if self.path is not None:
            S3Folder.parse("path", self.path)

    def bind(self, scope: Construct) -> BoundHosting:
        """Make the bucket, unless there is one, and let the role write to it."""
        made = (
            make_bucket(scope, "CapturedData", self.encryption_key) if self.path is None else None
        )
        folder = (
            S3Folder.parse("path", self.path or "")
            if made is None
            else S3Folder.of_bucket(made, "captured")
        )
        return BoundHosting(
            bucket=made,
            statements=folder.write("WriteCapturedData", self.encryption_key),
            data_capture=sagemaker.CfnEndpointConfig.DataCaptureConfigProperty(
                enable_capture=True,
                initial_sampling_percentage=self.sampling_percentage,
                destination_s3_uri=folder.uri,
                kms_key_id=self.encryption_key.key_arn if self.encryption_key else None,
                capture_options=[
                    sagemaker.CfnEndpointConfig.CaptureOptionProperty(capture_mode=mode)
                    for mode, wanted in (("Input", self.requests), ("Output", self.responses))
                    if wanted
                ],
                capture_content_type_header=self._content_types(),
            ),
        )

    def _content_types(
        self,
    ) -> sagemaker.CfnEndpointConfig.CaptureContentTypeHeaderProperty | None:
        if not (self.csv_content_types or self.json_content_types):
            return None
        return sagemaker.CfnEndpointConfig.CaptureContentTypeHeaderProperty(
            csv_content_types=list(self.csv_content_types) or None,
            json_content_types=list(self.json_content_types) or None,
        )
