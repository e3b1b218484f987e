"""What does not fit on the instance."""

from __future__ import annotations

from sagemaker_model.why.cause import Cause, words

INSTANCE_CAUSES = (
    Cause(
        id="disk-full",
        title="The disk is full.",
        words=words(
            r"no space left on device",
            r"\bENOSPC\b",
            r"errno 28\b",
            r"not enough free disk space to download",
        ),
        fix="take an instance type with a larger local disk, or volume_size_gib= on one without; "
        "stage the weights, so that no copy lies in the container's cache",
        rules=("disk-too-small",),
    ),
    Cause(
        id="driver-mismatch",
        title="The container was not started: the host's GPU driver does not go with the image's "
        "CUDA, or the image does not start with 'serve'.",
        words=words(
            r"CannotStartContainerError",
            r"no container has written a line",
            r"nvidia driver on your system is too old",
            r"CUDA driver version is insufficient",
            r"unsatisfied condition: cuda",
            r"system has unsupported display driver",
        ),
        fix="give hosting= inference_ami_version=InferenceAmi.GPU_4_1 for CUDA 13, GPU_3_1 for "
        "CUDA 12; an image of your own must start with 'docker run <image> serve'",
        rules=("inference-ami-cuda", "inference-ami-old", "inference-ami-blackwell"),
    ),
    Cause(
        id="shards-do-not-divide",
        title="The model can't be split over that many GPUs.",
        words=words(
            r"(not|must be) divisible by .{0,60}(tensor|shard|parallel|world|GPU)",
            r"not compatible with sharding on \d+ shards",
            r"assert .{0,60}% (self\.)?tp_(world_)?size == 0",
            r"world size \(\d+\) is larger than the number of available GPUs",
            r"tensor.parallel.{0,40}(size|degree).{0,60}(greater|larger|exceed|more) than",
            r"devices are not enough to run \d+ partitions",
            r"`sharded` is true but",
            r"each process is one gpu",
        ),
        fix="give ServingOptions(tensor_parallel_degree=…) a number that divides the attention "
        "heads and is at most the number of GPUs",
        rules=("tensor-parallel-degree", "heads-not-divisible"),
    ),
    Cause(
        id="context-does-not-fit",
        title="The GPUs' memory is too small for the model with its context.",
        words=words(
            r"larger than the maximum number of tokens that can be stored in KV cache",
            r"larger than the available KV cache memory",
            r"no available memory for the cache blocks",
            r"less than desired GPU memory utilization",
            r"CUDA out of memory",
            r"CUDA_ERROR_OUT_OF_MEMORY",
            r"cudaMalloc failed: out of memory",
            r"OutOfMemoryError",
            r"not enough memory to handle \d+ prefill tokens",
            r"not enough memory\. please try to increase --mem-fraction-static",
        ),
        fix="bound the context with ServingOptions(max_model_len=…), take a smaller or quantized "
        "model, or an instance type with more GPU memory",
        rules=("model-fit", "model-too-large", "context-too-long"),
    ),
    Cause(
        id="host-memory-too-small",
        title="The instance's own memory is too small: the kernel ended the program.",
        words=words(
            r"signaled to shutdown with signal 9",
            r"terminated due to signal 9",
            r"sent SIGKILL! Perhaps out of memory",
            r"DefaultCPUAllocator: can't allocate memory",
        ),
        fix="take an instance type with more memory, or fewer workers "
        "(SAGEMAKER_MODEL_SERVER_WORKERS)",
        rules=("host-memory-too-small", "workers-fill-host-memory", "pickles-fill-host-memory"),
    ),
)
"""What does not fit on the instance."""
